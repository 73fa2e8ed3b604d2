import { effectivePlans } from "./effective-plans";
import type { Guid, LicensedUser } from "./model";
import { decideUser, type LicensingWorld, type SkuDecision, type UserEvidence } from "./replacement";

/** Evidence from a read that was made for this unit of work, not for the plan. */
export interface FreshEvidence extends UserEvidence {
  /** When the read began, in milliseconds since 1970: what it shows is at least this old. */
  readonly readAtMs: number;
}

/** The class stays in this module: a proof can be passed around, but only `prove` makes one. */
class Proof {
  readonly #proven = true;

  constructor(
    readonly before: LicensedUser,
    readonly skuIds: readonly Guid[],
    readonly keeps: ReadonlySet<Guid>,
    readonly readAtMs: number,
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
 * Proof that a user's direct assignments of `skuIds` can go: after that, everything in `keeps` still works.
 * Whatever removes a direct licence takes one of these and nothing else.
 */
export type ReplacementProof = Proof;

/**
 * Decides from a fresh read, and proves what may be removed; `proof` is `null` when nothing may.
 *
 * @param recorded the SKUs whose direct assignment is on record: one that somebody added since then is not in the
 *   baseline yet, so it is left for the next plan
 */
export function prove(
  evidence: FreshEvidence,
  world: LicensingWorld,
  recorded: ReadonlySet<Guid>,
): { readonly proof: ReplacementProof | null; readonly decisions: readonly SkuDecision[] } {
  const decisions = decideUser(evidence, world).filter(
    (decision) => decision.verdict !== "remove" || recorded.has(decision.skuId),
  );
  const skuIds = decisions.flatMap((decision) => (decision.verdict === "remove" ? [decision.skuId] : []));
  if (skuIds.length === 0) return { proof: null, decisions };
  const keeps = effectivePlans(evidence.user, world.catalog);
  return { proof: new Proof(evidence.user, skuIds, keeps, evidence.readAtMs), decisions };
}
