import { GraphError, isFailure } from "../graph/client/failure";
import { AUDIT_PATIENCE_MS } from "../graph/client/limits";
import type { TenantReads } from "../graph/tenant-graph";
import type { DebtEvidence } from "../licensing/plan/debts";
import type { Guid, LicensedUser, TakenOut } from "../licensing/model";
import type { StackRecord } from "../licensing/record/record";
import type { TenantSnapshot } from "../licensing/snapshot";
import type { WaveSpec } from "../licensing/stack-file/stack-file";

/**
 * Reads users by id that listings may lack or show late: users that are owed a licence and, for a rollback of all,
 * recorded users outside the groups. A user missing from a listing is not necessarily deleted.
 *
 * @throws {GraphError} if a user cannot be read
 */
export async function readDebtEvidence(
  graph: TenantReads,
  snapshot: TenantSnapshot,
  record: StackRecord,
  waves: readonly WaveSpec[],
  writtenOff: ReadonlySet<Guid>,
): Promise<{ readonly snapshot: TenantSnapshot; readonly evidence: DebtEvidence }> {
  const owed = record.debts.map(({ userId }) => userId);
  const absent = waves.some(({ rollback }) => rollback === "all")
    ? [...record.baseline.keys()].filter((userId) => !snapshot.users.has(userId))
    : [];
  const unclear = [...record.moves.values()].flatMap(({ unread, begun }) => [...unread, ...begun]);
  // check: users of an unfinished move that are in no group are read by id
  const asked = new Set([...owed, ...absent, ...unclear.filter((userId) => !snapshot.users.has(userId))]);
  if (asked.size === 0) return { snapshot, evidence: { deleted: new Set(), takenOut: [], writtenOff } };
  const users = new Map<Guid, LicensedUser>(snapshot.users);
  const deleted = new Set<Guid>();
  for (const [userId, user] of await graph.users(asked)) {
    if (!isFailure(user)) users.set(userId, user);
    else if (user.kind === "notFound") deleted.add(userId);
    else throw new GraphError(user);
  }
  const takenOut = await readTakenOut(graph, snapshot, record);
  return { snapshot: { ...snapshot, users }, evidence: { deleted, takenOut, writtenOff } };
}

/**
 * Only for owed users outside all groups. An unreadable log ends no debt, so its failure is neither reported nor an
 * error.
 */
async function readTakenOut(
  graph: TenantReads,
  { declared, members }: TenantSnapshot,
  { debts }: StackRecord,
): Promise<readonly TakenOut[]> {
  const outside = debts.filter(({ userId }) =>
    declared.every(({ groupId }) => members.get(groupId)?.has(userId) !== true),
  );
  if (outside.length === 0) return [];
  const since = new Date(Math.min(...outside.map(({ at }) => Date.parse(at))));
  const userIds = outside.map(({ userId }) => userId);
  const groupIds = declared.map(({ groupId }) => groupId);
  try {
    return await graph.withPatience(AUDIT_PATIENCE_MS, "the audit log").takenOut(since, userIds, groupIds);
  } catch (error) {
    if (error instanceof GraphError) return [];
    throw error;
  }
}
