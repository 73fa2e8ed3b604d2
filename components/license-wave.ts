import * as pulumi from "@pulumi/pulumi";
import { DirectLicenseRemoval } from "../dynamic-providers/direct-license-removal";
import { GroupMembershipMove } from "../dynamic-providers/group-membership-move";
import { moveInputs, type MoveSurroundings } from "../dynamic-providers/moving/move-inputs";
import { removalInputs, type WaveSurroundings } from "../dynamic-providers/removal/removal-inputs";
import type { Memberships } from "../licensing/decision/block-names";
import type { People } from "../licensing/people";
import type { WavePlan } from "../licensing/plan/plan";
import { blockedLines, blockedTally } from "../licensing/plan/blocked-words";
import { leftOutLines, formatWave } from "../licensing/plan/wave-words";
import { namesOf } from "../licensing/plan/names-of";
import { addCounts, countByName, type CountsByName } from "../licensing/counts";
import { addOutcomes, NO_OUTCOME, movedEnough } from "../licensing/wave-outcome";
import { moveBlockLines } from "../licensing/plan/group-move-words";
import { formatMove, moveRow } from "../licensing/plan/plan-group-moves";
import type { PartOutcome } from "../licensing/record/record";
import { formatMoveBlock } from "../licensing/decision/move-block";
import type { Catalog } from "../licensing/catalog/catalog";
import { grouped } from "../licensing/grouped";
import type { MadeIds } from "./made-ids";
import { plainUrn, log, within } from "./row";

export interface LicenseWaveArgs extends WaveSurroundings, MoveSurroundings {
  readonly plan: WavePlan;
  readonly predicted: boolean;
  readonly people: People;
  /** See `MigrationPlan.memberships`. */
  readonly memberships: Memberships;
  /** See `MigrationPlan.isProtected`. */
  readonly isProtected: boolean;
  readonly madeIds: MadeIds;
  /** Resources that must be done before this wave. */
  readonly after: readonly pulumi.Resource[];
}

/** The remaining work of a wave and the reasons, after its run or as planned. */
export interface WaveState {
  readonly pending: CountsByName;
  readonly blocked: CountsByName;
  /** Direct assignments that stay, by SKU. */
  readonly blockedBySku: CountsByName;
  /** Direct assignments that a rollback could not put back, by SKU. */
  readonly notRestoredBySku: CountsByName;
  /** By move; empty without `licensing:moves`. */
  readonly moves: Readonly<Record<string, MoveOutput>>;
  readonly doneAt: string | null;
}

/** How far a wave is with the users of one move, which no other number counts. */
export interface MoveOutput {
  /** Users that have gone to the new group. */
  readonly moved: number;
  /** Users still to be moved; in a rollback, to be moved back. */
  readonly pending: number;
  /** Users that stay where they are, by reason. */
  readonly stay: CountsByName;
}

/** One wave: its users in slices of about a minute's work, one after the other. */
export class LicenseWave extends pulumi.ComponentResource {
  readonly state: pulumi.Output<WaveState>;
  /** Each depends on the one before it, so a dependency on the last is one on all. */
  readonly slices: readonly DirectLicenseRemoval[];
  /** Members that go from group to group, after the slices; each depends on the one before it. */
  readonly moves: readonly GroupMembershipMove[];
  /** The row that is done when all of the wave is. */
  readonly last: readonly pulumi.Resource[];

  constructor(name: string, args: LicenseWaveArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("licensing:index:LicenseWave", name, {}, options);
    const { plan, predicted, people, snapshot } = args;
    const { catalog } = snapshot;
    const names = namesOf(snapshot, args.memberships);

    this.slices = declareSlices(this);
    this.moves = declareMoves(this);
    this.last = [...this.slices, ...this.moves].slice(-1);
    this.state = plan.hold === null ? afterRun(plan, this.slices, this.moves, asPlanned()) : pulumi.output(asPlanned());
    say(this);
    this.registerOutputs({});

    function declareSlices(parent: LicenseWave): readonly DirectLicenseRemoval[] {
      const made: DirectLicenseRemoval[] = [];
      for (const slice of plan.slices) {
        const sliceName = `${name}-${slice.number}`;
        const dependsOn = [...args.after, ...made.slice(-1)];
        made.push(
          new DirectLicenseRemoval(
            sliceName,
            {
              ...removalInputs(plan, slice, args),
              groups: args.madeIds.in(snapshot.declared),
              __urn: plainUrn(sliceName, "DirectLicenseRemoval", parent) as unknown as string,
            },
            { ...within(parent), dependsOn, protect: args.isProtected && plan.isStarted },
          ),
        );
      }
      return made;
    }

    function declareMoves(parent: LicenseWave): readonly GroupMembershipMove[] {
      const made: GroupMembershipMove[] = [];
      for (const each of plan.moves) {
        for (const slice of each.slices) {
          const rowName = moveRow(name, each.move, slice);
          made.push(
            new GroupMembershipMove(
              rowName,
              {
                ...moveInputs(plan, each, slice, args),
                groups: args.madeIds.in(snapshot.declared),
                __urn: plainUrn(rowName, "GroupMembershipMove", parent) as unknown as string,
              },
              { ...within(parent), dependsOn: [...args.after, ...parent.slices.slice(-1), ...made.slice(-1)] },
            ),
          );
        }
      }
      return made;
    }

    function asPlanned(): WaveState {
      const removals = plan.slices.flatMap((slice) => slice.removals);
      const blocked = plan.slices.flatMap((slice) => slice.blocked);
      return {
        pending: countByName(removals.map(({ skuId }) => catalog.skuName(skuId))),
        blocked: blockedTally(blocked, names),
        blockedBySku: countByName(
          blocked.filter(({ reason }) => reason.kind !== "source-unknown").map(({ skuId }) => catalog.skuName(skuId)),
        ),
        notRestoredBySku: {},
        moves: movesAsPlanned(plan, catalog),
        doneAt: plan.doneAtMs === null ? null : new Date(plan.doneAtMs).toISOString(),
      };
    }

    function say(component: LicenseWave): void {
      void log(component, formatWave(plan, catalog, predicted));
      for (const line of leftOutLines(plan, people)) void log(component, line);
      for (const line of moveBlockLines(plan.moves, catalog, people)) void log(component, line);
      const blocked = plan.slices.flatMap((slice) => slice.blocked);
      const mark = predicted ? "(predicted) " : "";
      for (const line of blockedLines(blocked, names, catalog, people)) void log(component, `${mark}${line}`);
    }
  }
}

/** The state after the slices have run; unknown in a preview in which they are going to run. */
function afterRun(
  plan: WavePlan,
  slices: readonly DirectLicenseRemoval[],
  moves: readonly GroupMembershipMove[],
  planned: WaveState,
): pulumi.Output<WaveState> {
  const states = slices.map(({ pending, stays, staysBySku, notRestoredBySku, doneAt, outcome }) =>
    pulumi.output({ pending, stays, staysBySku, notRestoredBySku, doneAt, outcome }),
  );
  const ofMoves = moves.map(({ doneAt, outcome, pending, stays }) =>
    pulumi.output({ doneAt, outcome, pending, stays }),
  );
  const names = plan.moves.flatMap(({ move, slices: parts }) => parts.map(() => formatMove(move)));
  return pulumi.all([pulumi.all(states), pulumi.all(ofMoves)]).apply(([all, moved]) => {
    // A slice that --target excludes has no outputs.
    if (all.some(({ pending }) => (pending as CountsByName | undefined) === undefined)) return planned;
    if (moved.some(({ outcome }) => (outcome as PartOutcome | undefined) === undefined)) return planned;
    const outcome = [...all, ...moved].map(({ outcome }) => outcome).reduce(addOutcomes, NO_OUTCOME);
    const hasMovedEnough = plan.wasDone || (plan.shortfall === null && movedEnough(outcome, plan.minMoved));
    return {
      pending: addCounts(all.map(({ pending }) => pending)),
      blocked: addCounts(all.map(({ stays }) => stays)),
      blockedBySku: addCounts(all.map(({ staysBySku }) => staysBySku)),
      notRestoredBySku: addCounts(all.map(({ notRestoredBySku }) => notRestoredBySku)),
      moves: addedMoves(
        moved.map(({ outcome, pending, stays }, index) => [
          names[index] ?? "",
          { moved: outcome.moved, pending, stay: stays },
        ]),
      ),
      doneAt: hasMovedEnough ? lastOf([...all, ...moved].map(({ doneAt }) => doneAt)) : null,
    };
  });
}

function movesAsPlanned({ moves }: WavePlan, catalog: Catalog): WaveState["moves"] {
  return Object.fromEntries(
    moves.map(({ move, moved, slices }) => [
      formatMove(move),
      {
        moved,
        pending: slices.reduce((sum, { users }) => sum + users.length, 0),
        stay: countByName(
          slices.flatMap(({ blocked }) =>
            blocked.map(({ reason }) => formatMoveBlock(reason, move.to.displayName, catalog)),
          ),
        ),
      },
    ]),
  );
}

/** The parts of each move together. */
function addedMoves(parts: readonly (readonly [string, MoveOutput])[]): WaveState["moves"] {
  const all = grouped(parts, ([name]) => name);
  return Object.fromEntries(
    [...all].map(([name, mine]) => {
      const sum = (of: "moved" | "pending") => mine.reduce((total, [, part]) => total + part[of], 0);
      return [
        name,
        { moved: sum("moved"), pending: sum("pending"), stay: addCounts(mine.map(([, { stay }]) => stay)) },
      ];
    }),
  );
}

/** The time of the last slice; `null` if one is not done. */
function lastOf(times: readonly (string | null)[]): string | null {
  const done = times.filter((time) => time !== null).sort();
  return done.length < times.length ? null : (done.at(-1) ?? null);
}
