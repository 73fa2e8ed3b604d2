import type * as pulumi from "@pulumi/pulumi";
import { whyUnwritable } from "./group-members";
import type { Host } from "./engine/host";
import type { Converged, Lifecycle } from "./engine/lifecycle";
import type { Receipts } from "./engine/receipts";
import { takingTurns, TURNS, type TakingTurns } from "./group-change/in-turn";
import { HostedResource } from "./hosted-resource";
import { contextOf, type MoveContext } from "./moving/move-context";
import type { MoveInputs } from "./moving/move-inputs";
import { heldOutputs, moveOutputs, waitingMove, type MoveOutputs, type MoveResult } from "./moving/move-outputs";
import { moveUsers } from "./moving/move-users";
import { partOfRun } from "./removal/removal-outputs";
import { outOfOrder } from "./removal/in-order";
import { counted, formatCounts, total } from "../licensing/counts";
import { present } from "../licensing/declaration";
import { unpackIds } from "../licensing/record/compact-ids";
import { Refusal } from "../licensing/refusal";

/** What the program declares. The engine runs `groupMembershipMove`. */
export class GroupMembershipMove extends HostedResource {
  declare readonly doneAt: pulumi.Output<string | null>;
  declare readonly outcome: pulumi.Output<MoveOutputs["outcome"]>;
  declare readonly pending: pulumi.Output<number>;
  declare readonly stays: pulumi.Output<MoveOutputs["stays"]>;

  constructor(name: string, args: pulumi.Inputs & MoveInputs, options: pulumi.CustomResourceOptions) {
    const outputs = {
      status: undefined,
      lastMoved: undefined,
      pending: undefined,
      stays: undefined,
      repaired: undefined,
      doneAt: undefined,
      outcome: undefined,
      settled: undefined,
    };
    super("GroupMembershipMove", name, { ...outputs, ...args }, options);
  }
}

/**
 * Moves the users of one part of a wave from a group to another: adds them, waits until the licences are there, proves,
 * takes each out of the old group, and reads back. A user that lacks a plan gets the old licence directly, at once.
 */
export function moveLifecycle({ inTurn }: TakingTurns = takingTurns()): Lifecycle<MoveInputs, MoveOutputs> {
  return {
    idOf: ({ wave, move, slice }) => `${wave} ${move.from} ${slice}`,

    refusal: (inputs, receipts) =>
      inputs.refusal === ""
        ? receipts && (notOnRecord(inputs, receipts) ?? outOfOrder(inputs, receipts))
        : inputs.refusal,

    hasChanges: ({ waits, mode, digest, minMoved, __lists }, { status, settled, outcome }) =>
      // check: users that an interrupted run has moved are read back, also while the wave is on hold
      __lists.unread + __lists.added !== "" ||
      (!waits &&
        (status !== (mode === "restore" ? "rolled-back" : "done") ||
          digest !== settled ||
          (mode === "remove" && !__lists.wasDone && outcome.minMoved !== minMoved))),

    async converge(inputs, before, host) {
      // A wave on hold moves no user.
      if (inputs.waits) {
        await host.status(inputs.__urn, inputs.__hold);
        const isThere = present(inputs.groups).filter(({ name }) => [inputs.move.from, inputs.move.to].includes(name));
        const { unread, added } = inputs.__lists;
        if (unread + added === "" || isThere.length < 2) {
          return { outputs: before ?? waitingMove(inputs), unfinished: [] };
        }
        return inTurn(() => readBackAlone(inputs, before, host));
      }
      const notYet = notOnRecord(inputs, host.receipts) ?? outOfOrder(inputs, host.receipts);
      if (notYet !== null) throw new Refusal(notYet);
      // One at a time with every change that takes a licence off a group.
      return inTurn(() => converged(inputs, before, host));
    },

    // The memberships stay as they are; only this stack needs the record.
    release: () => Promise.resolve(),
  };
}

export const groupMembershipMove = moveLifecycle(TURNS);

async function converged(inputs: MoveInputs, before: MoveOutputs | null, host: Host): Promise<Converged<MoveOutputs>> {
  const { context, catalog } = await contextOf(inputs, host);
  const { graph, leave, join } = context;
  for (const { groupId, displayName } of [join, leave]) {
    const why = whyUnwritable(await graph.group(groupId));
    if (why !== null) throw new Refusal(`No user goes to or from ${displayName}: ${why} Nothing was changed.`);
  }
  const result = await moveUsers(inputs, context, catalog);
  const outputs = moveOutputs(inputs, before, result, catalog, graph.now(), host.now());
  if (result.halt === null) {
    const part = `${inputs.move.from} ${inputs.slice}`;
    host.receipts.partIsDone(inputs.wave, part, partOfRun(outputs, before, result.blocked));
  }
  await tell(inputs, result, outputs, context);
  return { outputs, unfinished: result.halt === null ? [] : [formatHalt(inputs, result, context)] };
}

/** What an interrupted run did is read back, and nothing else is done. */
async function readBackAlone(
  inputs: MoveInputs,
  before: MoveOutputs | null,
  host: Host,
): Promise<Converged<MoveOutputs>> {
  const { context, catalog } = await contextOf(inputs, host);
  const alone = { ...inputs, __lists: { ...inputs.__lists, users: "", joining: "", leaving: "", blocked: {} } };
  const result = await moveUsers(alone, context, catalog);
  const after = moveOutputs(alone, before, result, catalog, context.graph.now(), host.now());
  const outputs = heldOutputs(alone, before, after);
  return { outputs, unfinished: result.halt === null ? [] : [formatHalt(inputs, result, context)] };
}

/** A move that is not in the state before it begins could not be told from one by other people after a kill. */
function notOnRecord({ wave, move, waits, mode, __lists }: MoveInputs, receipts: Receipts): string | null {
  // check: a move begins only when the state knows of it
  if (waits || mode === "restore" || __lists.users === "" || receipts.hasBaseline(__lists.baselineDigest)) return null;
  return (
    `wave ${wave}: the move from ${move.from} to ${move.to} was not begun: the state does not know which users it moves, because this run ` +
    "leaves the baseline out (--target or --exclude). Nothing was changed. Run pulumi up without these flags."
  );
}

/** Prints the permanent lines about a run. */
async function tell(
  { wave, mode, __urn }: MoveInputs,
  { gone }: MoveResult,
  { lastMoved, stays, repaired }: MoveOutputs,
  { host, leave, join }: MoveContext,
): Promise<void> {
  const say = (text: string) => host.say(__urn, `${wave}: ${text}`);
  const back = mode === "restore" ? " back" : "";
  if (lastMoved > 0)
    await say(`moved ${counted(lastMoved, "user")}${back} from ${leave.displayName} to ${join.displayName}`);
  for (const [why, count] of Object.entries(stays)) {
    await say(`${counted(count, "user stays", "users stay")} in ${leave.displayName}: ${why}`);
  }
  if (total(repaired) > 0) {
    await say(
      `assigned directly because a plan was missing: ${formatCounts(repaired)}; the waves remove it by their rule`,
    );
  }
  if (gone.length > 0) {
    await say(`${counted(gone.length, "user")} left ${leave.displayName} otherwise, or no longer exist`);
  }
}

function formatHalt(
  { wave, move, __lists }: MoveInputs,
  { halt, moved, blocked, pending }: MoveResult,
  { leave, join }: MoveContext,
): string {
  const all = unpackIds(__lists.users).length;
  return [
    `wave ${wave}: the move from ${leave.displayName} to ${join.displayName} halted: ${(halt ?? "").replace(/\.?$/, ".")}`,
    `${counted(moved.length, "user")} of ${all} moved, ${blocked.length} blocked, ${pending.length} still to be moved (${move.from} to ${move.to}).`,
    "No later wave was begun. Run pulumi up again: it goes on from here.",
  ].join(" ");
}
