import type { Guid, License, LicensedUser } from "../model";
import type { LicensingWorld, UserEvidence } from "../snapshot";
import { decideLeaving, licensesFrom, type Leaving, type LeavingDecision } from "./leaving";

/** Not exported: other modules can pass a proof around, but only `proveLeaving` can create one. */
class Proof {
  readonly #proven = true;

  constructor(
    readonly before: LicensedUser,
    /** The group that the user leaves. */
    readonly groupId: Guid,
    /** What the group gave, to be assigned directly should a plan be missing. */
    readonly had: readonly License[],
  ) {}

  get userId(): Guid {
    return this.before.id;
  }

  /** Reads the private field, which makes the class nominal: no other object has this type. */
  get isProven(): boolean {
    return this.#proven;
  }
}

/**
 * Proof that the user can leave the group, because every plan that it gives stays. Functions that take a user out of a
 * group accept nothing else.
 */
export type LeaveProof = Proof;

/** Decides from a fresh read, made for this unit of work. `proof` is `null` unless the user may leave. */
export function proveLeaving(
  evidence: UserEvidence,
  world: LicensingWorld,
  leaving: Leaving,
): { readonly proof: LeaveProof | null; readonly decision: LeavingDecision } {
  const decision = decideLeaving(evidence, world, leaving);
  if (decision.verdict !== "leave") return { proof: null, decision };
  const { groupId } = leaving.leave;
  const had = licensesFrom(evidence.user, groupId).map(({ skuId, disabledPlans }) => ({ skuId, disabledPlans }));
  return { proof: new Proof(evidence.user, groupId, had), decision };
}
