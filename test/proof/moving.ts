import type { Case, RunCase, UserCase } from "./case";
import { lackedBy, nextProducts } from "./next-product";

/** What members of the first group have in the second one, to which they go. */
export const MOVINGS = ["the same", "more", "less", "a successor", "what excludes it"] as const;

export interface Moving {
  readonly kind: (typeof MOVINGS)[number];
  /** At least two plans of the old group's product. */
  readonly plans: readonly number[];
  /** Plans of the new product alone. */
  readonly more: readonly number[];
  /** Of four users, so many hold the old product directly, too. */
  readonly holders: number;
  /** A run that is left alone comes first, and then one that rolls back. */
  readonly goesBack: boolean;
}

/** The case with a move from its first group to its second one: most users are members of the first. */
export function moved(plain: Case, { kind, plans, more, holders, goesBack }: Moving): Case {
  const [first = 0] = plans;
  const by = lackedBy(plans);
  const target = nextProducts(plans, more)[kind];
  const isSucceeded = kind === "a successor" || kind === "what excludes it";
  const all = goesBack ? withRollback(plain) : plain;
  return withMove(
    {
      ...all,
      skus: [plans, target, ...all.skus.slice(2)],
      successors: isSucceeded ? [...all.successors, [first, by]] : all.successors,
      exclusive: kind === "what excludes it" ? [first, by] : all.exclusive,
    },
    holders,
  );
}

function withMove(all: Case, holders: number): Case {
  const [from, to = from, ...others] = all.groups;
  if (from === undefined || to === undefined) return all;
  const groups = [
    { ...from, declares: [{ sku: 0, off: from.declares[0]?.off ?? [] }], replaces: [], gives: "declared" as const },
    { ...to, declares: [{ sku: 1, off: [] }], replaces: [] },
    ...others,
  ];
  const users = all.users.map((user, at): UserCase => {
    if (at % 4 === 3) return user;
    const isHolder = at % 4 < holders;
    // Few are in the second group already.
    const memberOf = [0, ...user.memberOf.filter((group) => group % groups.length > (at % 3 === 0 ? 0 : 1))];
    return { ...user, direct: isHolder ? [{ sku: 0, off: user.direct[0]?.off ?? [] }] : [], memberOf };
  });
  return { ...all, groups, users, moves: [{ from: 0, to: 1 }] };
}

/** A run that is left alone. */
export const QUIET: RunCase = {
  minutesBefore: 16,
  rollback: false,
  happenings: [],
  stopAfter: null,
  killAfter: null,
};

/** A run that is left alone, and one that rolls back soon after it. */
export function withRollback(all: Case): Case {
  return { ...all, waves: { ...all.waves, canary: null }, runs: [QUIET, { ...QUIET, rollback: true }, ...all.runs] };
}
