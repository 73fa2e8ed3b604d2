import type { Catalog } from "../catalog/catalog";
import type { DeclaredGroup } from "../declaration";
import { digestOf } from "../digest";
import { missing } from "../effective-plans";
import type { Guid, LicensedUser } from "../model";

/** A member that lacks a licence of the group, and how it shows. */
export interface InheritanceProblem {
  readonly userId: Guid;
  readonly groupId: Guid;
  readonly skuId: Guid;
  readonly kind: "missing" | "error" | "active-with-error" | "plans-differ" | "unknown-state";
  /**
   * The cause of an error, the unknown state, or the missing plan ids, separated by spaces; empty for `missing`.
   */
  readonly detail: string;
}

/**
 * Checks one member of a declared group: each licence must be present, `Active`, without error, with all its plans.
 */
export function inheritanceProblems(
  user: LicensedUser,
  group: DeclaredGroup,
  catalog: Catalog,
): readonly InheritanceProblem[] {
  return group.licenses.flatMap((license): InheritanceProblem[] => {
    const at = { userId: user.id, groupId: group.groupId, skuId: license.skuId };
    const entry = user.assignments.find(
      (each) => each.skuId === license.skuId && each.assignedByGroup === group.groupId,
    );
    if (entry === undefined) return [{ ...at, kind: "missing", detail: "" }];
    if (entry.state === "Error") return [{ ...at, kind: "error", detail: entry.error ?? "Other" }];
    if (entry.state === "ActiveWithError" || (entry.state === "Active" && entry.error !== null)) {
      return [{ ...at, kind: "active-with-error", detail: entry.error ?? "Other" }];
    }
    if (entry.state !== "Active") return [{ ...at, kind: "unknown-state", detail: entry.state }];
    const lacking = missing(catalog.enabledPlans(license), catalog.enabledPlans(entry));
    return lacking.length === 0 ? [] : [{ ...at, kind: "plans-differ", detail: lacking.join(" ") }];
  });
}

/** Digest of a verification. It changes with the declaration or the problems, not with each new member. */
export function inheritanceDigest(declared: readonly DeclaredGroup[], problems: readonly InheritanceProblem[]): string {
  return digestOf([
    ...declared.flatMap(({ groupId, licenses }) =>
      licenses.map(
        ({ skuId, disabledPlans }) => `${groupId} gives ${skuId} without ${[...disabledPlans].sort().join(" ")}`,
      ),
    ),
    ...problems.map(({ userId, groupId, skuId, kind, detail }) => `${userId} ${groupId} ${skuId} ${kind} ${detail}`),
  ]);
}

/** `EMS: CountViolation`, `EMS: missing`. */
export function formatProblem({ skuId, kind, detail }: InheritanceProblem, catalog: Catalog): string {
  const sku = catalog.skuName(skuId);
  if (kind === "missing") return `${sku}: missing`;
  if (kind === "plans-differ")
    return `${sku}: lacks ${detail
      .split(" ")
      .map((id) => catalog.planName(id))
      .join(", ")}`;
  return `${sku}: ${detail}`;
}
