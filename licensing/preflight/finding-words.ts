import type { Finding } from "../finding";
import { usersShown, type People } from "../people";
import { asSentence } from "../sentence";

/** A finding in one line: situation, remedy, first users. */
export function findingLine({ message, remedy, userIds }: Finding, people?: People): string {
  const said = `${asSentence(message)} ${remedy}`;
  return userIds.length === 0 ? said : `${said} (${usersShown(userIds, people)})`;
}

/** Whether the finding is shown on this group's row. */
export function isAboutGroup({ about }: Finding, groupName: string): boolean {
  // Unambiguous: a logical name is in lower case without spaces, and no SKU name is.
  return about.split(" ", 1)[0] === groupName;
}

/** Why the group's licences are not changed; `null`: no finding is an error. */
export function refusalOf(findings: readonly Finding[], groupName: string, people?: People): string | null {
  const errors = findings.filter((finding) => finding.severity === "error" && isAboutGroup(finding, groupName));
  return errors.length === 0
    ? null
    : `Nothing was changed. ${errors.map((finding) => findingLine(finding, people)).join(" ")}`;
}
