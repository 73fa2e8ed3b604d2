import type { Guid, LicensedUser } from "../model";
import { heedRefusals, heedRestriction, refusalsInForce, type RefusedRemoval } from "./refused-removals";
import { decideUser, type SkuDecision } from "./replacement";
import type { LicensingWorld, UserEvidence } from "../snapshot";

/** The class stays in this module: a proof can be passed around, but only `prove` makes one. */
class Proof {
  readonly #proven = true;

  constructor(
    readonly before: LicensedUser,
    readonly skuIds: readonly Guid[],
  ) {}

  get userId(): Guid {
    return this.before.id;
  }

  /** Reads the private field, which is what makes the class nominal: nothing else can pass for a proof. */
  get isProven(): boolean {
    return this.#proven;
  }
}

/**
 * Proof that a user's direct assignments of `skuIds` can go: every plan that they enable stays.
 * Whatever removes a direct licence takes one of these and nothing else.
 */
export type ReplacementProof = Proof;

/**
 * Decides from a read that was made for this unit of work, not for the plan, and proves what may be removed; `proof` is
 * `null` when nothing may.
 *
 * @param recorded the SKUs whose direct assignment is on record: one that somebody added since then is not in the
 *   baseline yet, so it is left for the next plan
 * @param refused what Entra has refused for this user before
 */
export function prove(
  evidence: UserEvidence,
  world: LicensingWorld,
  recorded: ReadonlySet<Guid>,
  refused: readonly RefusedRemoval[] = [],
): { readonly proof: ReplacementProof | null; readonly decisions: readonly SkuDecision[] } {
  const byRule = decideUser(evidence, world);
  const heeded = heedRefusals(byRule, refusalsInForce(evidence.user, refused));
  const decisions = heedRestriction(evidence.user, heeded).filter(
    (decision) => decision.verdict !== "remove" || recorded.has(decision.skuId),
  );
  const skuIds = decisions.flatMap((decision) => (decision.verdict === "remove" ? [decision.skuId] : []));
  if (skuIds.length === 0) return { proof: null, decisions };
  return { proof: new Proof(evidence.user, skuIds), decisions };
}
