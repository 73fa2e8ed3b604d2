import type { GraphConnection } from "../../graph/tenant-graph";
import { packIds, packPairs } from "../../licensing/compact-ids";
import { patternsShown } from "../../licensing/license-patterns";
import type { Guid, License } from "../../licensing/model";
import type { MoveLast, Removal, SlicePlan, WavePlan } from "../../licensing/plan";
import { blockedTally, holdWords, namesOf } from "../../licensing/plan-words";
import { packRestores } from "../../licensing/restore";
import type { TenantSnapshot } from "../../licensing/snapshot";
import type { Timeouts } from "../../licensing/stack-file";
import { tally } from "../../licensing/tally";
import type { RemovalInputs } from "./direct-license-removal";

/** What the inputs of every part of every wave have in common. */
export interface WaveSurroundings {
  readonly connection: GraphConnection;
  readonly snapshot: TenantSnapshot;
  /** Users of nested groups, by the declared group around them. */
  readonly nestedUsers: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Members in error, by declared group. */
  readonly inError: Readonly<Record<Guid, number>>;
  /** Users whom the last wave alone may take. */
  readonly moveLast: MoveLast;
  readonly timeouts: Timeouts;
  /** See `StackFile.showNames`. */
  readonly showNames: boolean;
}

/** The plan of one part of a wave as the inputs of its resource: what a preview and a saved plan show. */
export function removalInputs(
  wave: WavePlan,
  slice: SlicePlan,
  { connection, snapshot, nestedUsers, inError, moveLast, timeouts, showNames }: WaveSurroundings,
): Omit<RemovalInputs, "__urn"> {
  const { catalog, declared } = snapshot;
  const users = new Set([...slice.removals, ...slice.blocked].map(({ userId }) => userId));
  return {
    connection,
    wave: wave.name,
    slice: `${slice.number} of ${slice.of}`,
    order: `${wave.place.number} of ${wave.place.of}`,
    users: wave.place.users,
    after: wave.place.after,
    moveLast: goingHere(slice, moveLast),
    mode: wave.mode,
    groups: declared,
    remove: tally(slice.removals.map(({ skuId }) => catalog.skuName(skuId))),
    patterns: patternsShown([...directLicenses(slice.removals, snapshot), ...slice.restores], catalog),
    restore: tally(slice.restores.map(({ license }) => catalog.skuName(license.skuId))),
    blocked: blockedTally(slice.blocked, namesOf(snapshot)),
    waits: wave.hold !== null,
    refusal: wave.refusal ?? "",
    settleMs: timeouts.settleMs,
    steadyMs: timeouts.inheritanceMs,
    digest: slice.digest,
    showNames,
    __hold: wave.hold === null ? "" : holdWords(wave.hold),
    __inError: inError,
    __planned: packPairs(slice.removals),
    __blocked: packPairs(slice.blocked),
    __refused: slice.refused,
    __nested: nestedAmong(users, nestedUsers),
    __restore: packRestores(slice.restores),
    __moved: packPairs(slice.movedUnrecorded),
  };
}

/** The direct assignments that are to go, with their disabled plans as they are. */
function directLicenses(
  removals: readonly Removal[],
  { users }: TenantSnapshot,
): readonly { readonly userId: Guid; readonly license: License }[] {
  return removals.flatMap(({ userId, skuId }) =>
    (users.get(userId)?.assignments ?? [])
      .filter((entry) => entry.skuId === skuId && entry.assignedByGroup === null)
      .map((license) => ({ userId, license })),
  );
}

function goingHere({ removals }: SlicePlan, users: MoveLast): Record<string, Guid> {
  const going = new Set(removals.map(({ userId }) => userId));
  return Object.fromEntries([...users].filter(([, userId]) => going.has(userId)));
}

function nestedAmong(users: ReadonlySet<Guid>, nestedUsers: WaveSurroundings["nestedUsers"]): Record<Guid, string> {
  const entries = [...nestedUsers].map(
    ([groupId, nested]) => [groupId, packIds([...nested].filter((userId) => users.has(userId)))] as const,
  );
  return Object.fromEntries(entries.filter(([, packed]) => packed !== ""));
}
