import type { TenantClock } from "../clock";
import { guidFrom } from "../directory/spec";
import type { Cause, Group, Guid, Holdings, License, User } from "../directory/entities";

type Activity =
  | "Set group license"
  | "Start applying group based license to users"
  | "Finish applying group based license to users"
  | "Change user license"
  | "Add member to group"
  | "Remove member from group"
  | "Update group"
  | "Delete group"
  | "Trigger group license recalculation";

interface ModifiedProperty {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

export interface AuditRow {
  readonly number: number;
  readonly atMs: number;
  readonly activity: Activity;
  readonly cause: Cause;
  readonly target: { readonly type: "User" | "Group"; readonly id: Guid; readonly name: string };
  readonly modified: () => ModifiedProperty[];
}

/** The rows of `/auditLogs/directoryAudits`, oldest first. Rows are stored compactly and formatted only when read. */
export class AuditLog {
  readonly rows: AuditRow[] = [];
  readonly #byActivity = new Map<string, AuditRow[]>();
  readonly #byTarget = new Map<Guid, AuditRow[]>();

  constructor(readonly clock: TenantClock) {}

  /** The smallest indexed superset of the rows with this activity and target. An absent criterion matches all rows. */
  among({ activity, targetId }: { readonly activity?: string; readonly targetId?: string }): readonly AuditRow[] {
    const indexed = [
      ...(activity === undefined ? [] : [this.#byActivity.get(activity.toLowerCase()) ?? []]),
      ...(targetId === undefined ? [] : [this.#byTarget.get(targetId.toLowerCase()) ?? []]),
    ];
    return indexed.reduce<readonly AuditRow[]>((few, rows) => (rows.length < few.length ? rows : few), this.rows);
  }

  groupLicensesSet(group: Group, before: readonly License[], cause: Cause): void {
    const after = group.licenses;
    this.#add("Set group license", this.#group(group), cause, () => [
      { displayName: "AssignedLicense", oldValue: licenseText(before), newValue: licenseText(after) },
    ]);
  }

  groupProcessingStarted(group: Group): void {
    const licenses = group.licenses;
    this.#add("Start applying group based license to users", this.#group(group), groupBasedLicensing, () => [
      { displayName: "AssignedLicense", oldValue: "[]", newValue: licenseText(licenses) },
    ]);
  }

  groupProcessingFinished(group: Group, applied: number, failed: number): void {
    const result = `[Users successfully assigned licenses: ${applied}, Users for whom license assignment failed: ${failed}.]`;
    this.#add("Finish applying group based license to users", this.#group(group), groupBasedLicensing, () => [
      { displayName: "Result", oldValue: "[]", newValue: result },
    ]);
  }

  userLicenseChanged(user: User, before: Holdings, cause: Cause): void {
    const after = user.holdings;
    const target = { type: "User" as const, id: user.id, name: user.userPrincipalName };
    this.#add("Change user license", target, cause.inBackground ? groupBasedLicensing : cause, () => [
      {
        displayName: "AssignedLicense",
        oldValue: licenseText(before.assignments),
        newValue: licenseText(after.assignments),
      },
    ]);
  }

  membershipChanged(group: Group, memberId: Guid, joined: boolean, cause: Cause): void {
    this.#add(joined ? "Add member to group" : "Remove member from group", this.#group(group), cause, () => [
      {
        displayName: "Group.ObjectID",
        oldValue: joined ? null : JSON.stringify(memberId),
        newValue: joined ? JSON.stringify(memberId) : null,
      },
    ]);
  }

  ruleChanged(group: Group, before: string | null, cause: Cause): void {
    const after = group.membershipRule;
    this.#add("Update group", this.#group(group), cause, () => [
      { displayName: "MembershipRule", oldValue: JSON.stringify([before]), newValue: JSON.stringify([after]) },
    ]);
  }

  groupDeleted(group: Group, cause: Cause): void {
    this.#add("Delete group", this.#group(group), cause, () => []);
  }

  #group(group: Group): AuditRow["target"] {
    return { type: "Group", id: group.id, name: group.displayName };
  }

  #add(activity: Activity, target: AuditRow["target"], cause: Cause, modified: AuditRow["modified"]): void {
    const row = { number: this.rows.length, atMs: this.clock.nowMs(), activity, target, cause, modified };
    this.rows.push(row);
    index(this.#byActivity, activity.toLowerCase(), row);
    index(this.#byTarget, target.id, row);
  }
}

function index(rows: Map<string, AuditRow[]>, key: string, row: AuditRow): void {
  const known = rows.get(key);
  if (known) known.push(row);
  else rows.set(key, [row]);
}

export const groupBasedLicensing: Cause = {
  by: guidFrom("Microsoft Azure AD Group-Based Licensing"),
  who: "Microsoft Azure AD Group-Based Licensing",
  what: "group licences",
  inBackground: true,
};

function licenseText(licenses: readonly License[]): string {
  const texts = licenses.map(
    (license) => `{SkuId=${license.skuId}, DisabledPlans=[${license.disabledPlans.join(", ")}]}`,
  );
  return `[${texts.join(", ")}]`;
}
