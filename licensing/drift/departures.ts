import type { DeclaredGroup, Deletion } from "../declaration";
import type { ResolvedLoss } from "../loss/loss";
import type { Guid, LicensedGroup } from "../model";
import { holdsDirectly, lookAtMoved } from "./moved-users";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";
import type { DepartureLimit } from "../stack-file/stack-file";

/** Fewer departures than this are normal, even if they are a large share of a small group. */
const FEWEST = 5;

/** Departures of moved users from a group since the last acknowledgement. */
export interface GroupDepartures {
  readonly group: DeclaredGroup;
  /** Number of users that depend on the group because their direct licences are gone. */
  readonly recorded: number;
  readonly userIds: readonly Guid[];
  /** The days on which runs first saw the departures, in UTC. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly cause: DepartureCause;
  /** True if there are more departures than the limit allows. */
  readonly exceeds: boolean;
}

export type DepartureCause =
  | { readonly kind: "deleted"; readonly deletion: Deletion }
  | { readonly kind: "rule"; readonly before: string | null; readonly now: string | null }
  | { readonly kind: "emptied" }
  | { readonly kind: "members"; readonly isDynamic: boolean };

export interface Departures {
  /** In the order of the declared groups. */
  readonly groups: readonly GroupDepartures[];
  /**
   * True if the record must change: accepted departures would look new tomorrow, and returned users would stay
   * accepted.
   */
  readonly hasToBeRecorded: boolean;
}

/** `2026-11-29`, in UTC. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** @param day on which a run first saw the departure; absent: no run has recorded it */
export function isAcknowledged(day: string | undefined, { acknowledged }: DepartureLimit): boolean {
  // check: an acknowledgement accepts only what was seen up to its day
  return day !== undefined && acknowledged !== null && day <= acknowledged;
}

/**
 * @param departed see `MovedUsers.departures`
 * @param nowMs milliseconds since 1970
 */
export function departuresOf(
  departed: readonly Guid[],
  snapshot: TenantSnapshot,
  record: StackRecord,
  limit: DepartureLimit,
  nowMs: number,
): Departures {
  const today = dayOf(nowMs);
  const gone = new Set(departed);
  const isAccepted = (day: string) => isAcknowledged(day, limit);
  const declared = new Map(snapshot.declared.map((group) => [group.name, group]));
  const recorded = new Map<string, number>();
  const left = new Map<string, { readonly userIds: Guid[]; readonly days: string[] }>();
  for (const userId of record.baseline.keys()) {
    for (const name of dependedOn(userId, snapshot, record)) {
      recorded.set(name, (recorded.get(name) ?? 0) + 1);
      const groupId = declared.get(name)?.groupId ?? "";
      const day = record.departures.days.get(userId) ?? today;
      if (!gone.has(userId) || isAccepted(day) || snapshot.members.get(groupId)?.has(userId) === true) continue;
      const mine = left.get(name) ?? { userIds: [], days: [] };
      left.set(name, mine);
      mine.userIds.push(userId);
      mine.days.push(day);
    }
  }
  return {
    groups: snapshot.declared.flatMap((group): GroupDepartures[] => {
      const found = left.get(group.name);
      if (found === undefined) return [];
      const days = found.days.sort();
      const all = recorded.get(group.name) ?? 0;
      return [
        {
          group,
          recorded: all,
          userIds: found.userIds.sort(),
          firstDay: days[0] ?? today,
          lastDay: days.at(-1) ?? today,
          cause: causeOf(group, snapshot, record),
          exceeds:
            group.deleted !== undefined || (found.userIds.length >= FEWEST && found.userIds.length > limit.share * all),
        },
      ];
    }),
    hasToBeRecorded:
      (isAccepted(today) && departed.some((userId) => !record.departures.days.has(userId))) ||
      [...record.departures.days].some(([userId, day]) => isAccepted(day) && !gone.has(userId)),
  };
}

/** The groups with more departures than allowed; the audit log is read for these. */
export function tooManyLeft(given: {
  readonly snapshot: TenantSnapshot;
  readonly record: StackRecord;
  readonly accepted: readonly ResolvedLoss[];
  readonly limit: DepartureLimit;
  readonly nowMs: number;
}): readonly GroupDepartures[] {
  const { snapshot, record, accepted, limit, nowMs } = given;
  if (record.replacing.size === 0) return [];
  const { departures } = lookAtMoved(snapshot, record, accepted);
  return departuresOf(departures, snapshot, record, limit, nowMs).groups.filter(({ exceeds }) => exceeds);
}

/** The membership rules to record. A group's earlier rule stays as long as it explains departures. */
export function rulesToRecord(
  { declared, groups }: Pick<TenantSnapshot, "declared" | "groups">,
  { departures }: StackRecord,
  left: readonly GroupDepartures[],
): Readonly<Record<string, string | null>> {
  const explained = new Set(left.map(({ group }) => group.name));
  return Object.fromEntries(
    declared.flatMap(({ name, groupId, deleted }) => {
      const before = departures.rules.get(name);
      const now = ruleOf(groups.get(groupId));
      const kept = explained.has(name) || deleted !== undefined ? before : now;
      return kept === undefined ? [] : [[name, kept] as const];
    }),
  );
}

/** The groups that a moved user depends on; empty if the user directly holds every licence on record. */
function dependedOn(userId: Guid, snapshot: TenantSnapshot, record: StackRecord): readonly string[] {
  const moved = [...(record.baseline.get(userId)?.keys() ?? [])].filter(
    (skuId) => !holdsDirectly(snapshot, userId, skuId),
  );
  if (moved.length === 0) return [];
  return record.replacing.get(userId) ?? [];
}

function causeOf(
  { name, groupId, deleted }: DeclaredGroup,
  { groups, members }: TenantSnapshot,
  { departures }: StackRecord,
): DepartureCause {
  if (deleted !== undefined) return { kind: "deleted", deletion: deleted };
  const before = departures.rules.get(name);
  const now = ruleOf(groups.get(groupId));
  if (before !== undefined && now !== undefined && before !== now) return { kind: "rule", before, now };
  if ((members.get(groupId)?.size ?? 0) === 0) return { kind: "emptied" };
  return { kind: "members", isDynamic: now !== undefined && now !== null };
}

function ruleOf(group: LicensedGroup | undefined): string | null | undefined {
  return group?.membershipRule;
}
