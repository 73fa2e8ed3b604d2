import type { Directory } from "../directory/directory";
import type { Cause, Group } from "../directory/entities";
import type { AuditLog } from "../evidence/audit-log";
import { addMember, removeMember } from "./membership";
import { parseRule } from "./membership-rule";
import type { Processing } from "./processing";

interface Rooms {
  readonly directory: Directory;
  readonly processing: Processing;
  readonly audit: AuditLog;
}

/**
 * Updates the members of a dynamic group in the background, some time after its creation or a change of its rule. Groups from
 * the tenant file keep the members that the file lists until their rule is changed.
 */
export class RuleEvaluation {
  constructor(
    private readonly rooms: Rooms,
    /** Delay from a change of a rule to the change of members. */
    private readonly delayMs: number,
  ) {}

  changed(group: Group, cause: Cause): void {
    if (group.membershipRule === null || group.rulePaused) return;
    // Parsed before the background work starts, so that the caller gets an error for an unsupported rule.
    const takes = parseRule(group.membershipRule);
    const rule = group.membershipRule;
    const { directory } = this.rooms;
    group.ruleStatus = "NotStarted";
    directory.clock.after(this.delayMs / 2, () => {
      if (isStill(rule)) group.ruleStatus = "Running";
    });
    directory.clock.after(this.delayMs, () => {
      if (!isStill(rule)) return;
      const background = { ...cause, what: `the rule of a group, after: ${cause.what}`, inBackground: true };
      for (const user of directory.users.values()) {
        const isIn = group.userMembers.has(user.id);
        if (takes(user) && !isIn) addMember(this.rooms, group, user.id, background);
        if (!takes(user) && isIn) removeMember(this.rooms, group, user.id, background);
      }
      group.ruleStatus = "Succeeded";
    });

    function isStill(was: string): boolean {
      return directory.groups.get(group.id) === group && group.membershipRule === was && !group.rulePaused;
    }
  }
}
