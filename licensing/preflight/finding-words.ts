import type { Finding } from "../finding";
import { usersShown, type People } from "../people";
import { asSentence } from "../sentence";

/** A finding in one line: what is so, what to do, whom first. */
export function findingLine({ message, remedy, userIds }: Finding, people?: People): string {
  const said = `${asSentence(message)} ${remedy}`;
  return userIds.length === 0 ? said : `${said} (${usersShown(userIds, people)})`;
}

/** Whether a finding is said on the row of this group. */
export function isAboutGroup({ about }: Finding, groupName: string): boolean {
  // Logical names hold no space, and no SKU is in lower case.
  return about.split(" ", 1)[0] === groupName;
}

/** Why a group's licences are not changed; `null` where nothing stands against it. */
export function refusalOf(findings: readonly Finding[], groupName: string, people?: People): string | null {
  const errors = findings.filter((finding) => finding.severity === "error" && isAboutGroup(finding, groupName));
  return errors.length === 0
    ? null
    : `Nothing was changed. ${errors.map((finding) => findingLine(finding, people)).join(" ")}`;
}
