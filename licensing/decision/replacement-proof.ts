import type { Guid, LicensedUser } from "../model";
import { heedRefusals, heedRestriction, refusalsInForce, type RefusedRemoval } from "./refused-removals";
import { decideUser, type SkuDecision } from "./replacement";
import type { LicensingWorld, UserEvidence } from "../snapshot";

/** Not exported: other modules can pass a proof around, but only `prove` can create one. */
class Proof {
  readonly #proven = true;

  constructor(
    readonly before: LicensedUser,
    readonly skuIds: readonly Guid[],
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
 * Proof that the user's direct assignments of `skuIds` can be removed, because every plan that they enable stays.
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
 */
export function prove(
  evidence: UserEvidence,
  world: LicensingWorld,
  recorded: ReadonlySet<Guid>,
  refused: readonly RefusedRemoval[] = [],
): { readonly proof: ReplacementProof | null; readonly decisions: readonly SkuDecision[] } {
  const byRule = decideUser(evidence, world, recorded);
  const heeded = heedRefusals(byRule, refusalsInForce(evidence.user, refused));
  // check: only what is on record is proven
  const decisions = heedRestriction(evidence.user, heeded).filter(
    (decision) => decision.verdict !== "remove" || recorded.has(decision.skuId),
  );
  const skuIds = decisions.flatMap((decision) => (decision.verdict === "remove" ? [decision.skuId] : []));
  if (skuIds.length === 0) return { proof: null, decisions };
  return { proof: new Proof(evidence.user, skuIds), decisions };
}
