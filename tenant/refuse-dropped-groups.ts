import type { TenantReads } from "../graph/tenant-graph";
import { licensesAfter, licensesAfterRun } from "../licensing/record/licenses-after";
import {
  isAccepted,
  lossOfGroupChanges,
  unaccepted,
  type LicensesByGroup,
  type ResolvedLoss,
} from "../licensing/loss/loss";
import { lossRefusal } from "../licensing/loss/loss-words";
import type { License, LicensedGroup } from "../licensing/model";
import { BY_ID, byName } from "../licensing/people";
import type { GroupLicenseRecord, StackRecord } from "../licensing/record/record";
import { Refusal } from "../licensing/refusal";
import type { TenantSnapshot } from "../licensing/snapshot";

interface Dropped {
  readonly name: string;
  readonly now: LicensedGroup;
  readonly before: GroupLicenseRecord;
  readonly licensesAfter: readonly License[];
}

/**
 * Refuses to drop a group from the stack file while a user needs its licences. An accepted loss counts only if the last
 * run recorded it: the release knows no other.
 *
 * @param showNames see `StackFile.showNames`
 * @returns the licences of every group of this stack after this run
 * @throws {Refusal} with the users that would lose a plan
 */
export async function refuseDroppedGroups(
  graph: TenantReads,
  snapshot: TenantSnapshot,
  record: StackRecord,
  accepted: readonly ResolvedLoss[],
  showNames = false,
): Promise<LicensesByGroup> {
  const { catalog } = snapshot;
  const dropped = await readDropped(graph, snapshot, record);
  const after = new Map([
    ...licensesAfterRun(snapshot, record),
    ...dropped.map((each) => [each.now.id, each.licensesAfter] as const),
  ]);
  for (const { name, now, before } of dropped) {
    const members = await graph.dependents(now);
    const group = { name, groupId: now.id, displayName: now.displayName };
    const known = before.acceptLoss.filter((loss) => isAccepted(loss, name, accepted));
    const losses = unaccepted(lossOfGroupChanges(members, after, catalog), group, known);
    // check: a group's licence is let go only when no user loses a plan by it
    if (losses.length === 0) continue;
    const people = showNames ? byName(new Map(members.map((user) => [user.id, user]))) : BY_ID;
    throw new Refusal(
      `licensing:groups.${name} is no longer in the stack file. ${lossRefusal(group, losses, catalog, "let-go", people)}`,
    );
  }
  return after;
}

async function readDropped(
  graph: TenantReads,
  { declared }: TenantSnapshot,
  record: StackRecord,
): Promise<readonly Dropped[]> {
  const kept = new Set(declared.map(({ name }) => name));
  const found: Dropped[] = [];
  for (const [name, before] of record.groupLicenses) {
    const now = kept.has(name) ? null : await graph.group(before.groupId);
    if (now === null) continue;
    const nothing = { name, groupId: now.id, displayName: now.displayName, licenses: [] };
    found.push({ name, now, before, licensesAfter: licensesAfter(nothing, now, before.given) });
  }
  return found;
}
