import type { Case, UserCase } from "./case";
import { withRollback } from "./moving";
import { lackedBy, nextProducts } from "./next-product";

/** How one product takes another one's place at a renewal. */
export const RENEWALS = ["one by one", "one by two", "two by one", "by a successor", "by what excludes it"] as const;

export interface Renewal {
  readonly kind: (typeof RENEWALS)[number];
  /** At least two plans of the old product, or of both together. */
  readonly plans: readonly number[];
  /** Plans of the new product alone. */
  readonly more: readonly number[];
  /** The last run rolls back, which takes swaps back while the group has not taken them over. */
  readonly goesBack: boolean;
}

/** The case with this renewal in its first group: most users hold the old product directly and are members. */
export function renewed(plain: Case, { kind, plans, more, goesBack }: Renewal): Case {
  const all = goesBack ? withRollback(plain) : plain;
  const [first = 0, ...others] = plans;
  const next = nextProducts(plans, more);
  const old = { sku: 0, off: [] };
  const everything = next.more;
  switch (kind) {
    case "one by one":
      return withGroup({ ...all, skus: [plans, everything] }, [1], [{ sku: 0, by: 1 }], [old]);
    case "one by two":
      return withGroup({ ...all, skus: [plans, [first], others] }, [1, 2], [{ sku: 0, by: 1 }], [old]);
    case "two by one":
      return withGroup(
        { ...all, skus: [[first], others, everything] },
        [2],
        [
          { sku: 0, by: 2 },
          { sku: 1, by: 2 },
        ],
        [old, { sku: 1, off: [] }],
      );
    case "by a successor":
    case "by what excludes it": {
      const by = lackedBy(plans);
      const skus = [plans, next["a successor"]];
      const exclusive = kind === "by what excludes it" ? ([first, by] as const) : all.exclusive;
      const successors = [...all.successors, [first, by] as const];
      const renewal = withGroup({ ...all, skus, successors, exclusive }, [1], [{ sku: 0, by: 1 }], [old]);
      const [group, ...rest] = renewal.groups;
      // Members with the old product could not have the new one before the first run.
      return group === undefined || kind === "by a successor"
        ? renewal
        : { ...renewal, groups: [{ ...group, gives: "nothing" }, ...rest] };
    }
  }
}

function withGroup(
  all: Case,
  declares: readonly number[],
  replaces: Case["groups"][number]["replaces"],
  held: UserCase["direct"],
): Case {
  const [first, ...others] = all.groups;
  const users = all.users.map((user, at) => {
    if (at % 4 === 3) return user;
    const [{ off } = { off: [] }] = user.direct;
    return {
      ...user,
      direct: held.map((license) => ({ ...license, off })),
      memberOf: [...new Set([0, ...user.memberOf])],
    };
  });
  if (first === undefined) return all;
  const group = { ...first, declares: declares.map((sku) => ({ sku, off: [] })), replaces };
  return { ...all, users, groups: [group, ...others] };
}
