import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { GraphError } from "../../graph/client/failure";
import { unpackBaseline } from "../../licensing/record/baseline";
import { unpackIds, unpackPairs } from "../../licensing/record/compact-ids";
import { Refusal } from "../../licensing/refusal";
import { SmallStack } from "../providers/small-stack";
import type { Case, RunCase } from "./case";
import { Others } from "./happen";
import { judgeEnd } from "./judge-end";
import { judgeLosses } from "./judge-losses";
import { Killed, rigFor, type ProofRig, type Skies } from "./proof-rig";
import { judgeMoves } from "./judge-moves";
import { declaredGroups, isChangedFor } from "./declared-groups";
import { acceptedIn, acceptedOf, movesOf, tenantOf, wavesOf } from "./tenant-of";
import { NO_COMPANY_LICENSE, Truth } from "./truth";
import { TruthOfMoves } from "./truth-of-moves";
import { Witness, type Recorded } from "./witness";

/** What a case turned out to be: for measuring whether the random ones are interesting. */
export interface Seen {
  ups: number;
  halts: number;
  kills: number;
  refusals: number;
  putBacks: number;
  rollbacks: number;
  removed: number;
  blocked: number;
  /** Blocked because something ends by itself, or nothing could be put back. */
  ending: number;
  lostByPeople: number;
  lostInTheWindow: number;
  /** Plans that people gave a user directly between the last read and the write that removed the licence. */
  givenInTheWindow: number;
  /** Runs that left a debt, because something could not be put back. */
  debts: number;
  /** Ends at which something is still owed: no seat, or no subscription. */
  owedAtTheEnd: number;
  /** Direct licences that went because another SKU replaces theirs. */
  replaced: number;
  /** Plans that were kept as their successors alone. */
  succeeded: number;
  /** Direct licences that were swapped in one call, and swaps that were taken back. */
  swapped: number;
  takenBack: number;
  /** Users without a seat for a swap at the end. */
  withoutSeat: number;
  /** Trials that stay, and direct licences that went although nothing could bring them back. */
  trials: number;
  noWayBack: number;
  /** Members that went from group to group, and back; members of the old group that stay; repairs by a direct licence. */
  moved: number;
  movedBack: number;
  stays: number;
  repaired: number;
  /** Runs before which the stack file's groups changed. */
  declaredAnew: number;
  /** SKUs that went off a group when another one was there, and in one call with it. */
  takenOff: number;
  swappedOnGroup: number;
}

/** How one `up` ended, in words; empty where all of it is done. */
export interface RunEnd {
  readonly ran: readonly string[];
  readonly trouble: readonly string[];
  readonly refused: boolean;
  /** Something is owed that cannot be paid, and nothing else is done before it. */
  readonly isOwing?: boolean;
}

/** What belongs to one case while it is tried. */
export interface Trial {
  readonly all: Case;
  readonly emulator: Emulator;
  readonly rig: ProofRig;
  readonly stack: SmallStack;
  readonly truth: Truth;
  readonly moves: TruthOfMoves;
  readonly witness: Witness;
  readonly others: Others;
  readonly seen: Seen;
  /** Why each run ended, in order. */
  readonly said: string[];
}

/** So many `up`s reach the end once the trouble is over: the last one has nothing to do. */
const UPS_TO_THE_END = 8;
const TWO_HOURS_MS = 7_200_000;

/** Tries one case from its first run to its end, and throws where a promise does not hold. */
export async function tryCase(all: Case, skies: Skies): Promise<Seen> {
  const emulator = skies.get(all.weather);
  assert.ok(emulator);
  emulator.reset(tenantOf(all));
  const groups = declaredGroups(all, 0);
  const truth = new Truth(emulator, groups, acceptedIn(all));
  const moves = new TruthOfMoves(emulator, truth, groups, movesOf(all));
  const graph = delayed(emulator.fetch, all.delays);
  const witness = new Witness(
    { clock: emulator.clock, fetch: graph },
    truth,
    recordIn(() => stack),
    moves,
  );
  const rig = rigFor(emulator, witness.fetch);
  const file = {
    groups,
    waves: wavesOf(all, false),
    moves: movesOf(all),
    applyThrough: "everyone",
    ...acceptedOf(all),
  };
  const stack = new SmallStack(rig, file, all.usersPerUnit);
  const others = new Others(all, emulator, truth);
  const seen = nothingSeen();
  const trial: Trial = { all, emulator, rig, stack, truth, moves, witness, others, seen, said: [] };

  all.users.forEach(({ error }, user) => {
    if (error !== null) others.act({ kind: "error", user, ...error });
  });
  others.touched.clear();
  const atFirst = emulator.tenant.directAssignments();
  const membersAtFirst = new Map(truth.groups().map(({ id, userMembers }) => [id, new Set(userMembers)]));

  for (const [number, run] of all.runs.entries()) {
    declare(number, trial);
    emulator.clock.advance(run.minutesBefore * 60_000);
    arrange(run, trial);
    witness.begin();
    await up(trial);
  }
  declare(all.runs.length, trial);
  emulator.faults.clear();
  rig.host.stop = () => null;
  rig.host.killAfter = Infinity;
  // A canary with blocked users holds the others up until people let it pass.
  stack.file = { ...stack.file, waves: wavesOf(all, false).map((wave) => ({ ...wave, minMoved: 0 })) };
  const end = await toTheEnd(trial);

  assert.deepEqual([...witness.violations, ...witness.groups.violations], []);
  seen.takenOff = witness.groups.takenOff.filter(({ isSwap, gave }) => !isSwap && gave.size > 0).length;
  seen.swappedOnGroup = witness.groups.takenOff.filter(({ isSwap }) => isSwap).length;
  await judgeLosses(trial);
  await judgeEnd(trial, atFirst, end);
  if (end.isOwing !== true && !end.refused) await judgeMoves(trial, membersAtFirst);
  seen.takenBack = witness.takenBack;
  return seen;
}

/** Each request arrives some turns of the event loop later. */
function delayed(fetch: typeof globalThis.fetch, delays: readonly number[]): typeof globalThis.fetch {
  let sent = 0;
  return async (input, init) => {
    const turns = delays[sent++ % delays.length] ?? 0;
    for (let turn = 0; turn < turns; turn += 1) await new Promise((done) => setImmediate(done));
    return fetch(input, init);
  };
}

/** Ups without trouble, until one has nothing to do. */
async function toTheEnd(trial: Trial): Promise<RunEnd> {
  const { emulator, witness, said } = trial;
  let wasRefused = false;
  let wasOwing = false;
  for (let number = 1; number <= UPS_TO_THE_END; number += 1) {
    emulator.clock.advance(TWO_HOURS_MS);
    witness.begin();
    const writesBefore = emulator.requests.writes().length;
    const end = await up(trial);
    emulator.faults.clear();
    // What is refused at first may be what this very run has mended, before it came to the wave.
    if (end.refused && wasRefused) return end;
    wasRefused = end.refused;
    if (end.refused) continue;
    const isOwing =
      end.trouble.length > 0 && end.trouble.every((words) => words.includes("still owed a direct licence"));
    if (isOwing && wasOwing) return { ...end, isOwing };
    wasOwing = isOwing;
    // The gate has something to say in every run while a user depends on a subscription that has ended.
    const hasEnded = [...trial.truth.skuIds()].some((skuId) => trial.truth.statusOf(skuId) === "ended");
    const ran = end.ran.filter((name) => !hasEnded || name !== "inheritance");
    if (ran.length + end.trouble.length > 0) continue;
    assert.equal(emulator.requests.writes().length, writesBefore, "a run that had nothing to do has written");
    return end;
  }
  assert.fail(`after ${UPS_TO_THE_END} runs without trouble there is still something to do: ${said.join("\n")}`);
}

/** The stack file has the groups of this run. */
function declare(run: number, { all, stack, truth, seen }: Trial): void {
  if (!isChangedFor(all, run)) return;
  seen.declaredAnew += 1;
  const groups = declaredGroups(all, run);
  truth.declare(groups);
  stack.file = { ...stack.file, groups };
}

function arrange({ happenings, rollback, stopAfter, killAfter }: RunCase, trial: Trial): void {
  const { all, emulator, rig, stack, others, seen } = trial;
  emulator.faults.clear();
  stack.file = { ...stack.file, waves: wavesOf(all, rollback) };
  if (rollback) seen.rollbacks += 1;
  let asked = 0;
  rig.host.stop = () => (stopAfter !== null && asked++ >= stopAfter ? "a stop was requested" : null);
  rig.host.killAfter = killAfter ?? Infinity;
  for (const happening of happenings) others.expect(happening);
}

async function up({ emulator, rig, stack, seen, said }: Trial): Promise<RunEnd> {
  seen.ups += 1;
  const writesBefore = emulator.requests.writes().length;
  const planned = () => {
    assert.equal(emulator.requests.writes().length, writesBefore, "planning has written");
  };
  const done = (end: RunEnd) => {
    said.push(`ran ${end.ran.join(" ")}: ${end.trouble.join("; ")}`);
    return end;
  };
  try {
    const { ran, unfinished } = await stack.up(planned);
    if (unfinished.length > 0) seen.halts += 1;
    if (unfinished.some((words) => words.includes("was assigned directly"))) seen.repaired += 1;
    if (unfinished.some((words) => words.includes("put back"))) seen.putBacks += 1;
    if (unfinished.some((words) => /COULD NOT be (put back|assigned)/.test(words))) seen.debts += 1;
    return done({ ran, trouble: unfinished, refused: false });
  } catch (error) {
    if (error instanceof Killed) seen.kills += 1;
    else if (isRefusal(error)) seen.refusals += 1;
    else if (error instanceof GraphError) seen.halts += 1;
    else throw error;
    return done({ ran: [], trouble: [(error as Error).message], refused: isRefusal(error) });
  } finally {
    await rig.host.exit();
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof Refusal ||
    // The stack throws what `check` refuses as the plain error that the engine would print.
    (error instanceof Error &&
      /would take .* from|would fail for|cannot be put on|there are too few|in one call:/.test(error.message)) ||
    // A group whose licence of an ended SKU differs from the stack file stays so until the subscription is renewed.
    (error instanceof GraphError && error.message.includes(NO_COMPANY_LICENSE))
  );
}

function recordIn(stack: () => SmallStack): Recorded {
  const hasBridge = (userId: string, skuId: string) =>
    unpackPairs(stack().baseline().__bridges ?? {})
      .get(userId)
      ?.has(skuId) === true;
  return {
    hasBridge,
    isLeaving: (groupId, skuId) =>
      stack()
        .groupRows()
        .some((row) => row.groupId === groupId && row.__leaving.some((each) => each.skuId === skuId)),
    isMoving: (userId, fromId, toId) =>
      (stack().baseline().__moving?.parts ?? []).some(
        (part) => part.fromId === fromId && part.toId === toId && unpackIds(part.users).includes(userId),
      ),
    has: (userId, skuId) =>
      unpackBaseline(stack().baseline().__entries).get(userId)?.has(skuId) === true || hasBridge(userId, skuId),
  };
}

function nothingSeen(): Seen {
  return {
    ups: 0,
    halts: 0,
    kills: 0,
    refusals: 0,
    putBacks: 0,
    rollbacks: 0,
    removed: 0,
    blocked: 0,
    ending: 0,
    lostByPeople: 0,
    lostInTheWindow: 0,
    givenInTheWindow: 0,
    debts: 0,
    owedAtTheEnd: 0,
    replaced: 0,
    succeeded: 0,
    swapped: 0,
    takenBack: 0,
    withoutSeat: 0,
    trials: 0,
    noWayBack: 0,
    moved: 0,
    movedBack: 0,
    stays: 0,
    repaired: 0,
    declaredAnew: 0,
    takenOff: 0,
    swappedOnGroup: 0,
  };
}
