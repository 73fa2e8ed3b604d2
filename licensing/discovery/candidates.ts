import type { Guid } from "../model";
import type { Bundle } from "./add-ons";

/**
 * Selects groups worth reading. A tenant may have 50,000 groups; a matching one contains most of a pattern's
 * holders. So memberships of a few holders are read, then groups of about the right size.
 */

/** Misses a group with 80 % of the holders about once in 3,000 times: if 5 of 10 are outside it. */
const ASKED_HOLDERS = 10;
const LEAST_VOTES = 0.5;

/** Limits the requests in a tenant with many patterns; those with the most users are kept. */
const ASKED_BUNDLES = 200;

/** Groups read for one pattern, closest in size. */
const READ_PER_BUNDLE = 5;

/**
 * The holders used to sample memberships: evenly spread over the sorted ids, so that each run reads the same ones.
 */
export function askedHolders({ holders }: Bundle): readonly Guid[] {
  const step = Math.max(1, holders.length / ASKED_HOLDERS);
  return Array.from(
    { length: Math.min(ASKED_HOLDERS, holders.length) },
    (_, at) => holders[Math.floor(at * step)] ?? "",
  );
}

/** Bundles with a single holder are left out, because any group of that user would match. */
export function bundlesToAsk(bundles: readonly Bundle[]): readonly Bundle[] {
  return bundles
    .filter(({ holders }) => holders.length > 1)
    .sort((a, b) => b.holders.length - a.holders.length)
    .slice(0, ASKED_BUNDLES);
}

/** Groups with at least half of the sampled holders as members. */
export function votedFor(bundle: Bundle, memberships: ReadonlyMap<Guid, ReadonlySet<Guid>>): readonly Guid[] {
  const asked = askedHolders(bundle);
  const votes = new Map<Guid, number>();
  for (const id of asked) for (const group of memberships.get(id) ?? []) votes.set(group, (votes.get(group) ?? 0) + 1);
  return [...votes].filter(([, count]) => count >= LEAST_VOTES * asked.length).map(([group]) => group);
}

/**
 * The groups closest to the number of holders, from half to twice as many members. Larger ones would give the
 * licence to many others.
 */
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
