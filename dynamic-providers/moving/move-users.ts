import { failureOf, isFailure } from "../../graph/client/failure";
import type { Catalog } from "../../licensing/catalog/catalog";
import type { RefusedRemoval } from "../../licensing/decision/refused-removals";
import type { Guid, License } from "../../licensing/model";
import { unpackBaseline } from "../../licensing/record/baseline";
import { unpackIds } from "../../licensing/record/compact-ids";
import { readBackGroup, repairNow, type GroupReadBack, type ReadBackContext } from "../group-change/read-back-group";
import { haltingOnFailure } from "../removal/decide";
import { readFreshly } from "../removal/fresh-evidence";
import { MoveAccount } from "./account";
import { arriveAll } from "./arrive";
import { joinAll } from "./join";
import { leaveAll } from "./leave";
import { mustKeepOf, type MoveContext } from "./move-context";
import { unpackMoveBlocks, type MoveInputs } from "./move-inputs";
import type { MoveResult } from "./move-outputs";

type Out = readonly (readonly [Guid, readonly License[]])[];

/** Moves the users of one part. Every user that may have left the old group is read back, whatever happens. */
export async function moveUsers(inputs: MoveInputs, context: MoveContext, catalog: Catalog): Promise<MoveResult> {
  const { __lists: lists, mode } = inputs;
  const { graph, leave } = context;
  const users = unpackIds(lists.users);
  const joining = new Set(unpackIds(lists.joining));
  const leaving = new Set(unpackIds(lists.leaving));
  const account = new MoveAccount();
  const made: GroupReadBack[] = [];
  const keep = (each: GroupReadBack): string | null => {
    made.push(each);
    return each.unfinished.length === 0 ? null : each.unfinished.join(" ");
  };
  // Until they are read back, they stay on record as unread.
  let unread = unpackIds(lists.unread);
  const holders = (out: Out) => holdersOf(out, context, catalog);
  const halted = await haltingOnFailure<string | null>(async () => {
    // What an interrupted run left comes first.
    const now = (await graph.group(leave.groupId))?.licenses ?? [];
    const onRecord = unpackBaseline(mode === "restore" ? [] : lists.gave);
    const hadOf = (userId: Guid) => [...(onRecord.get(userId)?.values() ?? now)];
    // check: users of an interrupted run are read back against what the old group gave before
    const before = holders(unread.map((userId) => [userId, hadOf(userId)]));
    const left = before.size === 0 ? null : keep(await readBackGroup(before, readBackContext(inputs, context)));
    unread = [];
    const there = users.filter((userId) => !joining.has(userId));
    return (
      left ??
      (await joinAll([...joining], there, context, account)) ??
      (await arriveAll(account.open(users), context, inputs.reprocess)) ??
      (await leaveAll(
        account.open(users).filter((userId) => leaving.has(userId)),
        context,
        account,
        async (unit) => {
          const out = [...account.moved, ...account.unclear].filter(([userId]) => unit.includes(userId));
          return out.length === 0 ? null : keep(await repairNow(holders(out), readBackContext(inputs, context)));
        },
      ))
    );
  }, theReason);
  await clearUp(account, context);
  const repaired = new Set(made.flatMap((each) => each.given.map(({ userId }) => userId)));
  const out = [...account.moved, ...account.unclear].filter(([userId]) => !repaired.has(userId));
  // A read-back that fails as a whole leaves its users on record as unread.
  let unseen = out.map(([userId]) => userId);
  const last = await haltingOnFailure<string | null>(async () => {
    if (out.length === 0) return null;
    const read = keep(await readBackGroup(holders(out), readBackContext(inputs, context)));
    unseen = [];
    return read;
  }, theReason);
  const result = resultOf(inputs, account, made, halted ?? last, leave.groupId);
  return { ...result, unread: [...new Set([...unread, ...unseen, ...result.unread])] };
}

const theReason = (reason: string) => reason;

function holdersOf(out: Out, context: MoveContext, catalog: Catalog): Map<Guid, readonly License[]> {
  return new Map(out.map(([userId, had]) => [userId, mustKeepOf(had, userId, context, catalog)]));
}

function readBackContext({ acceptLoss }: MoveInputs, context: MoveContext): ReadBackContext {
  return { ...context, group: context.leave, joined: context.join, accepted: acceptLoss };
}

/** Whether users without an answer to their removal are still members. Where that can't be read, they are read back. */
async function clearUp(account: MoveAccount, { toTheEnd, leave }: MoveContext): Promise<void> {
  const userIds = [...account.unclear.keys()];
  if (userIds.length === 0) return;
  const fresh = await readFreshly(userIds, [leave], toTheEnd, false, []).catch(failureOf);
  if ("kind" in fresh) return;
  for (const [userId, read] of fresh.users) {
    if (isFailure(read)) {
      if (read.kind === "notFound") account.gone.add(userId);
    } else if (read.memberOf.has(leave.groupId)) account.stillIn(userId);
    else account.isOut(userId);
  }
}

function resultOf(
  { mode, __lists: lists }: MoveInputs,
  account: MoveAccount,
  made: readonly GroupReadBack[],
  halt: string | null,
  leaveId: Guid,
): MoveResult {
  const users = unpackIds(lists.users);
  const leaving = new Set(unpackIds(lists.leaving));
  // In a rollback, users that this stack had not added to the new group stay in it, and are back once they have joined.
  const joinedOnly = halt === null ? account.open(users).filter((userId) => !leaving.has(userId)) : [];
  const moved = [...account.moved.keys(), ...(mode === "restore" ? joinedOnly : [])];
  const isOver = new Set([...moved, ...account.gone]);
  const late = [...account.blocked].flatMap(([userId, { kind }]) => (kind === "not-inherited" ? [userId] : []));
  const ofRun = [...account.blocked].filter(([, { kind }]) => kind !== "not-inherited");
  return {
    moved,
    added: [...account.added],
    pending: [...new Set([...account.open(users).filter((userId) => !isOver.has(userId)), ...late])].sort(),
    blocked: [...unpackMoveBlocks(lists.blocked), ...ofRun.map(([userId, reason]) => ({ userId, reason }))],
    refused: ofRun.flatMap(([userId, reason]): RefusedRemoval[] => {
      const licenses = account.refused.get(userId);
      if (licenses === undefined || reason.kind !== "refused") return [];
      return [{ userId, skuId: leaveId, reason: { kind: "refused", detail: reason.detail }, licenses }];
    }),
    gave: account.moved,
    gone: [...account.gone],
    unread: [...new Set([...made.flatMap((each) => each.unread), ...account.unclear.keys()])],
    given: made.flatMap((each) => each.given),
    owed: made.flatMap((each) => each.owed),
    halt,
  };
}
