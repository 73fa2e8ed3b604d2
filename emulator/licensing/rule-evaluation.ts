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
 * Entra puts those into a dynamic group whom its rule takes, and takes the others out: in the background, some time after the group was made
 * or its rule was changed. Groups of the tenant file have the members that the file tells, until somebody changes their rule.
 */
export class RuleEvaluation {
  constructor(
    private readonly rooms: Rooms,
    /** From the change of a rule until its members are in. */
    private readonly delayMs: number,
  ) {}

  changed(group: Group, cause: Cause): void {
    if (group.membershipRule === null || group.rulePaused) return;
    // Here and not in the background: who writes a rule that is not known hears it.
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
