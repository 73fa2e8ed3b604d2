import type { Guid } from "../model";
import type { Bundle } from "./add-ons";

/**
 * Which groups are worth reading. A tenant may have 50,000 groups; those that stand for a pattern have most of its holders as
 * members, so a few holders are asked for their groups, and only groups of about the right size are read.
 */

/** A group with 80 % of the holders is missed once in about 3,000 times: when 5 of 10 are outside it. */
const ASKED_HOLDERS = 10;
const LEAST_VOTES = 0.5;

/** A tenant in which everybody has plans of their own: the patterns with the most users are asked about. */
const ASKED_BUNDLES = 200;

/** Groups read for one pattern, the nearest in size. */
const READ_PER_BUNDLE = 5;

/** Holders who are asked for their groups, the same ones each time: spread over the ids, which say nothing about the person. */
export function askedHolders({ holders }: Bundle): readonly Guid[] {
  const step = Math.max(1, holders.length / ASKED_HOLDERS);
  return Array.from(
    { length: Math.min(ASKED_HOLDERS, holders.length) },
    (_, at) => holders[Math.floor(at * step)] ?? "",
  );
}

/** With one holder any group of theirs would fit by chance. */
export function bundlesToAsk(bundles: readonly Bundle[]): readonly Bundle[] {
  return bundles
    .filter(({ holders }) => holders.length > 1)
    .sort((a, b) => b.holders.length - a.holders.length)
    .slice(0, ASKED_BUNDLES);
}

/** Groups of which at least half of the asked holders are members, most votes first. */
export function votedFor(bundle: Bundle, memberships: ReadonlyMap<Guid, ReadonlySet<Guid>>): readonly Guid[] {
  const asked = askedHolders(bundle);
  const votes = new Map<Guid, number>();
  for (const id of asked) for (const group of memberships.get(id) ?? []) votes.set(group, (votes.get(group) ?? 0) + 1);
  return [...votes].filter(([, count]) => count >= LEAST_VOTES * asked.length).map(([group]) => group);
}

/** Of these groups, the ones whose number of members is nearest to that of the holders. A group that is far larger gives to strangers. */
export function nearInSize(bundle: Bundle, groups: readonly Guid[], sizes: ReadonlyMap<Guid, number>): readonly Guid[] {
  const wanted = bundle.holders.length;
  const far = (group: Guid) => Math.abs((sizes.get(group) ?? 0) - wanted);
  return groups
    .filter((group) => {
      const size = sizes.get(group) ?? 0;
      return size >= wanted / 2 && size <= wanted * 2;
    })
    .sort((a, b) => far(a) - far(b) || (a < b ? -1 : 1))
    .slice(0, READ_PER_BUNDLE);
}
