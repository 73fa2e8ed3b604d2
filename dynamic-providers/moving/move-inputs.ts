import type { GraphConnection } from "../../graph/tenant-graph";
import type { Successor } from "../../licensing/catalog/successors";
import { countByName, thousands, type CountsByName } from "../../licensing/counts";
import type { DeclaredGroup } from "../../licensing/declaration";
import { formatMoveBlock, type MoveBlock } from "../../licensing/decision/move-block";
import { grouped } from "../../licensing/grouped";
import { withNames, type NamedLoss, type ResolvedLoss } from "../../licensing/loss/loss";
import type { Guid } from "../../licensing/model";
import type { BlockedMove, MoveSlice, WaveMove } from "../../licensing/plan/group-move";
import type { MoveLast, WavePlan, WaveToDoFirst } from "../../licensing/plan/plan";
import { formatHold } from "../../licensing/plan/hold-words";
import type { WaveBefore } from "../../licensing/plan/wave-place";
import { packBaseline, type BaselinePattern } from "../../licensing/record/baseline";
import { packIds, packPairs, unpackIds, type PackedPairs } from "../../licensing/record/compact-ids";
import type { TenantSnapshot } from "../../licensing/snapshot";
import type { Timeouts } from "../../licensing/stack-file/stack-file";

/** The work of a part of a move, user by user; see `MoveSlice`. */
export interface MoveLists {
  readonly users: string;
  readonly joining: string;
  readonly leaving: string;
  /** Users by reason, which is JSON. */
  readonly blocked: Readonly<Record<string, string>>;
  readonly unread: string;
  readonly added: string;
  /** See `MoveSlice.repaired`. */
  readonly repaired: PackedPairs;
  readonly keeps: readonly BaselinePattern[];
  readonly gave: readonly BaselinePattern[];
  /** See `WaveSurroundings.baselineDigest`. */
  readonly baselineDigest: string;
  readonly wasDone: boolean;
  readonly behind: readonly WaveToDoFirst[];
}

export interface MoveInputs {
  readonly connection: GraphConnection;
  readonly wave: string;
  /** `1 of 1`. */
  readonly slice: string;
  /** `2 of 3`: the wave's place among the waves. */
  readonly order: string;
  readonly mode: "remove" | "restore";
  /** Logical names. */
  readonly move: { readonly from: string; readonly to: string };
  /** Number of users to move, or to move back. */
  readonly users: number;
  /** Number of users of the whole wave with something to remove or to move. */
  readonly usersOfWave: number;
  readonly after: WaveBefore;
  /** Users of `licensing:moveLast` that this part moves, by their name in the stack file. */
  readonly moveLast: Readonly<Record<string, Guid>>;
  /** Of these, users that are added to the group first. */
  readonly adds: number;
  /** Seats that the whole wave takes of each SKU of the group that users join: `70 of 75 free`. */
  readonly seats: Readonly<Record<string, string>>;
  /** Users that stay in the old group, by reason. */
  readonly blocked: CountsByName;
  readonly groups: readonly DeclaredGroup[];
  /** Losses that the stack file accepts for the group that users leave. */
  readonly acceptLoss: readonly NamedLoss[];
  /** See `MoveSpec`. */
  readonly acceptOtherUses: readonly string[];
  readonly acceptGrace: readonly string[];
  readonly acceptNoWayBack: boolean | readonly string[];
  readonly asksMembershipEnds: boolean;
  readonly reprocess: boolean;
  /** True if this run leaves the wave alone. */
  readonly waits: boolean;
  readonly minMoved: number;
  /** The reason for a refusal; empty if there is none. */
  readonly refusal: string;
  readonly timeouts: Timeouts;
  readonly digest: string;
  readonly __hold: string;
  readonly __acceptGrace: readonly Guid[];
  readonly __noWayBack: readonly Guid[];
  readonly __successors: readonly Successor[];
  readonly __lists: MoveLists;
  readonly __urn: string;
}

/** Inputs that all parts of all moves share. */
export interface MoveSurroundings {
  readonly connection: GraphConnection;
  readonly snapshot: TenantSnapshot;
  readonly accepted: readonly ResolvedLoss[];
  readonly moveLast: MoveLast;
  readonly baselineDigest: string;
  readonly timeouts: Timeouts;
  readonly reprocess?: boolean;
}

/** The resource inputs for one part of a wave's move, which previews and saved plans show. */
export function moveInputs(
  wave: WavePlan,
  { move, seats }: WaveMove,
  slice: MoveSlice,
  { connection, snapshot, accepted, moveLast, baselineDigest, timeouts, reprocess = false }: MoveSurroundings,
): Omit<MoveInputs, "__urn"> {
  const { catalog, declared, accepts } = snapshot;
  const { noWayBack = false } = accepts ?? {};
  const names = (skuIds: Iterable<Guid>) => [...skuIds].map((skuId) => catalog.skuName(skuId)).sort();
  const isBack = wave.mode === "restore";
  const [leave, join] = isBack ? [move.to, move.from] : [move.from, move.to];
  return {
    connection,
    wave: wave.name,
    slice: `${slice.number} of ${slice.of}`,
    order: `${wave.place.number} of ${wave.place.of}`,
    mode: wave.mode,
    move: { from: move.from.name, to: move.to.name },
    users: slice.users.length,
    usersOfWave: wave.place.users,
    after: wave.place.after,
    moveLast: Object.fromEntries([...moveLast].filter(([, userId]) => slice.users.includes(userId))),
    adds: slice.joining.length,
    seats: Object.fromEntries(
      seats.map(({ skuId, needed, free }) => [
        catalog.skuName(skuId),
        `${thousands(needed)} of ${thousands(free)} free`,
      ]),
    ),
    blocked: countByName(slice.blocked.map(({ reason }) => formatMoveBlock(reason, join.displayName, catalog))),
    groups: declared,
    acceptLoss: withNames(
      accepted.filter(({ group }) => group === leave.name),
      catalog,
    ),
    acceptOtherUses: move.acceptOtherUses,
    acceptGrace: names(accepts?.grace ?? []),
    acceptNoWayBack: typeof noWayBack === "boolean" ? noWayBack : names(noWayBack),
    asksMembershipEnds: snapshot.membershipEnds?.kind === "checked",
    reprocess,
    waits: wave.hold !== null,
    minMoved: wave.minMoved,
    refusal: wave.refusal ?? "",
    timeouts,
    digest: slice.digest,
    __hold: wave.hold === null ? "" : formatHold(wave.hold),
    __acceptGrace: [...(accepts?.grace ?? [])].sort(),
    __noWayBack: typeof noWayBack === "boolean" ? [] : [...noWayBack].sort(),
    __successors: catalog.accepted,
    __lists: {
      users: packIds(slice.users),
      joining: packIds(slice.joining),
      leaving: packIds(slice.leaving),
      blocked: packMoveBlocks(slice.blocked),
      unread: packIds(slice.unread),
      added: packIds(slice.added),
      repaired: packPairs(slice.repaired),
      keeps: slice.keeps,
      gave: packBaseline(
        new Map([...slice.gave].map(([userId, gave]) => [userId, new Map(gave.map((each) => [each.skuId, each]))])),
      ),
      baselineDigest,
      wasDone: wave.wasDone,
      behind: wave.behind,
    },
  };
}

function packMoveBlocks(blocked: readonly BlockedMove[]): Readonly<Record<string, string>> {
  const byReason = grouped(blocked, ({ reason }) => JSON.stringify(reason));
  return Object.fromEntries([...byReason].map(([reason, mine]) => [reason, packIds(mine.map(({ userId }) => userId))]));
}

/** @throws DamagedRecord if a list of ids is incomplete */
export function unpackMoveBlocks(packed: Readonly<Record<string, string>>): readonly BlockedMove[] {
  return Object.entries(packed).flatMap(([reason, users]) =>
    unpackIds(users).map((userId) => ({ userId, reason: JSON.parse(reason) as MoveBlock })),
  );
}
