import { counted } from "../counts";
import { formatDuration } from "../duration";
import type { Hold } from "./hold";

/** `not now: after canary is done its soak of 24 hours starts`. */
export function formatHold(hold: Hold): string {
  switch (hold.kind) {
    case "beyond-apply-through":
      return hold.applyThrough === null
        ? "not now: licensing:applyThrough is not set"
        : `not now: licensing:applyThrough is ${hold.applyThrough}`;
    case "soak":
      return hold.untilMs === null
        ? `not now: waits ${formatDuration(hold.soakMs)} from the moment that ${hold.after} is done`
        : `not now: soaks until ${new Date(hold.untilMs).toISOString()} after ${hold.after}`;
    case "unproven":
      return `not now: ${hold.after} is not done: ${hold.why}`;
    case "order":
      return `not now: ${hold.after} comes first`;
    case "rollback":
      return `not now: ${hold.after} is being rolled back`;
    case "debts":
      return `not now: ${counted(hold.users, "user gets", "users get")} back first what they are owed; run pulumi up again then`;
    case "group-deleted":
      return `not now: the group ${hold.group} was deleted, see its row`;
    case "members-unknown":
      return `not now: the users that the rule of ${hold.group} takes are known when Entra has evaluated it; run pulumi up again then`;
  }
}
