import type { Case, ChangeCase, UserCase } from "./case";
import { QUIET } from "./moving";
import { lackedBy, nextProducts } from "./next-product";
import { EXCLUDING } from "./tenant-of";

/** What a change of the first group's licence in the stack file gives in place of the old one. */
export const CHANGINGS = ["the same", "more", "less", "a successor", "what excludes it", "one less"] as const;

export interface Changing {
  readonly kind: (typeof CHANGINGS)[number];
  /** At least two plans of the old product. */
  readonly plans: readonly number[];
  /** Plans of the new product alone. */
  readonly more: readonly number[];
  /** Of four users, so many hold the old product directly, too. */
  readonly holders: number;
  /** The new licence takes up the direct ones of the old product. */
  readonly replaces: boolean;
  readonly isNamed: boolean;
  /** Nobody but the holders has anything that stands in the way of a swap in one call. */
  readonly isClean: boolean;
  /** The first run, before the change, is left alone. */
  readonly isCalmBefore: boolean;
  /** The change is taken back before the run after it. */
  readonly goesBack: boolean;
}

/** The case with such a change of its first group, of which most users are members. */
export function changed(plain: Case, { kind, plans: drawn, more, ...how }: Changing): Case {
  const isExcluded = kind === "what excludes it";
  // Only of plans on Microsoft's list it is known beforehand.
  const plans = isExcluded ? [EXCLUDING[0], ...drawn.slice(1)] : drawn;
  const [first = 0] = plans;
  const by = isExcluded ? EXCLUDING[1] : lackedBy(plans);
  const target = nextProducts(plans, more, by)[kind === "one less" ? "more" : kind];
  const isSucceeded = kind === "a successor" || isExcluded;
  const all: Case = {
    ...plain,
    skus: [plans, target, ...plain.skus.slice(2)],
    successors: isSucceeded ? [...plain.successors, [first, by], [by, first]] : plain.successors,
    exclusive: isExcluded ? [first, by] : plain.exclusive,
    runs: how.isCalmBefore ? [QUIET, ...plain.runs] : plain.runs,
  };
  const leaving = isExcluded ? "swapInOneCall" : how.isNamed ? "removeLicenses" : "unsaid";
  const given = kind === "one less" ? [0, 1] : [0];
  const forth: ChangeCase = {
    ...{ before: 0, group: 0, leaving },
    declares: [{ sku: 1, off: [] }],
    replaces: how.replaces ? [{ sku: 0, by: 1 }] : [],
  };
  const back: ChangeCase = { ...forth, before: 1, declares: given.map((sku) => ({ sku, off: [] })), replaces: [] };
  return withChange(all, given, how.goesBack ? [forth, back] : [forth], how);
}

function withChange(
  all: Case,
  given: readonly number[],
  changes: readonly ChangeCase[],
  { holders, isClean }: Pick<Changing, "holders" | "isClean">,
): Case {
  const [first, ...others] = all.groups;
  if (first === undefined) return all;
  const off = given.length === 1 ? (first.declares[0]?.off ?? []) : [];
  const group = { ...first, declares: given.map((sku) => ({ sku, off })), replaces: [] };
  const isInFirst = (each: number) => each % all.groups.length === 0;
  const users = all.users.map((user, at): UserCase => {
    const isMember = at % 4 !== 3;
    const { direct, memberOf } = user;
    if (!isMember)
      return isClean ? { ...user, memberOf: memberOf.filter((each) => !isInFirst(each)), direct: [] } : user;
    const held = at % 4 < holders ? [{ sku: 0, off: direct[0]?.off ?? [] }] : [];
    return { ...user, direct: held, ...(isClean ? { ...CLEAN, memberOf: [0] } : { memberOf: [0, ...memberOf] }) };
  });
  const plenty = isClean ? { statuses: [], seatsFree: [] } : {};
  return { ...all, ...plenty, groups: [group, ...others], users, moves: [], changes };
}

/** A user whom nothing keeps from another licence. */
const CLEAN = { nowhere: false, restricted: false, hidden: null, abroad: false, ends: null, error: null } as const;
