import type { DeclaredGroup } from "../../licensing/declaration";
import { changesToGroup } from "../../licensing/loss/group-change";
import type { Guid, LicensedGroup } from "../../licensing/model";
import type { Judgement } from "../../licensing/verdict";

/** Whether the groups still give the declared licences, and are processed: proofs rest on that. */
export function steadiness(declared: readonly DeclaredGroup[], groups: ReadonlyMap<Guid, LicensedGroup>): Judgement {
  const changed = declared.filter(
    ({ groupId, licenses }) => changesToGroup(licenses, groups.get(groupId)?.licenses ?? []).length > 0,
  );
  // check: the groups give what is declared right before the write
  if (changed.length > 0) {
    const reason =
      `the licences of ${names(changed)} are no longer what the stack file declares: they were changed while the ` +
      "wave ran. Nothing more was removed. The group's audit log names the actor; pulumi preview shows the difference, and " +
      "pulumi up gives the group what is declared and goes on.";
    return { verdict: "fail", reason };
  }
  const busy = declared.filter(({ groupId }) => groups.get(groupId)?.processingState !== "ProcessingComplete");
  // check: a group that is processed again is waited for
  if (busy.length === 0) return { verdict: "pass", reason: "the groups give what is declared, and are processed" };
  return { verdict: "wait", reason: `Entra is processing ${names(busy)} again` };
}

function names(groups: readonly DeclaredGroup[]): string {
  return groups.map(({ displayName }) => displayName).join(" and ");
}
