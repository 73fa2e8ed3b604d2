import type { Guid, License, LicensedUser } from "../model";
import { heedRefusals, heedRestriction, refusalsInForce, type RefusedRemoval } from "./refused-removals";
import { decideUser, type SkuDecision } from "./replacement";
import type { LicensingWorld, UserEvidence } from "../snapshot";

/** Not exported: other modules can pass a proof around, but only `prove` can create one. */
class Proof {
  readonly #proven = true;

  constructor(
    readonly before: LicensedUser,
    readonly skuIds: readonly Guid[],
    /** Licences that the same call adds directly, because a removed one excludes them. */
    readonly add: readonly License[],
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
 * Proof that the user's direct assignments of `skuIds` can be removed, because every plan that they enable stays, or is
 * in what the same call adds.
 * Functions that remove a direct licence accept nothing else.
 */
export type ReplacementProof = Proof;

/**
 * Decides from a fresh read, made for this unit of work, and proves which assignments may be removed. `proof` is
 * `null` if none may.
 *
 * @param recorded SKUs in the user's baseline. A direct licence assigned later is not in the baseline yet and waits
 *   for the next plan
 * @param refused removals that Entra refused for this user before
 * @param bridges SKUs that the state knows as added by this stack; no others are added
 */
export function prove(
  evidence: UserEvidence,
  world: LicensingWorld,
  recorded: ReadonlySet<Guid>,
  refused: readonly RefusedRemoval[] = [],
  bridges: ReadonlySet<Guid> = NONE,
): { readonly proof: ReplacementProof | null; readonly decisions: readonly SkuDecision[] } {
  const byRule = decideUser(evidence, world, recorded);
  const heeded = heedRefusals(byRule, refusalsInForce(evidence.user, refused));
  // check: only what is on record is proven
  const decisions = heedRestriction(evidence.user, heedBridges(heeded, bridges)).filter(
    (decision) => decision.verdict !== "remove" || recorded.has(decision.skuId),
  );
  const removals = decisions.filter((decision) => decision.verdict === "remove");
  if (removals.length === 0) return { proof: null, decisions };
  const add = new Map(removals.flatMap(({ bridge }) => (bridge?.add ?? []).map((license) => [license.skuId, license])));
  const skuIds = removals.map(({ skuId }) => skuId);
  return { proof: new Proof(evidence.user, skuIds, [...add.values()]), decisions };
}

const NONE: ReadonlySet<Guid> = new Set();

/** Blocks swaps that would add what the state does not know as added: later it would pass for the user's own. */
function heedBridges(decisions: readonly SkuDecision[], bridges: ReadonlySet<Guid>): readonly SkuDecision[] {
  // check: a swap adds only what the state knows
  return decisions.map((decision) =>
    decision.verdict === "remove" && decision.bridge?.add.some(({ skuId }) => !bridges.has(skuId)) === true
      ? { skuId: decision.skuId, verdict: "blocked", reason: decision.bridge.otherwise }
      : decision,
  );
}
