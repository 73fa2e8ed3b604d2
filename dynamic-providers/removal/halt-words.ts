import { counted, thousands } from "../../licensing/counts";
import type { RunResult } from "./run";

/** The message for a part that halted: why, how far it came, and what has not begun. */
export function formatHalt(
  { wave, slice }: { readonly wave: string; readonly slice: string },
  why: string,
  { removed, blocked, lookedAt }: Pick<RunResult, "removed" | "blocked" | "lookedAt">,
  users: number,
): string {
  const blockedUsers = new Set(blocked.map(({ userId }) => userId)).size;
  const left = users - lookedAt;
  const notYet =
    left === 0 ? "no user is left to look at" : `${counted(left, "user was", "users were")} not looked at yet`;
  return [
    `wave ${wave} (${slice}) halted: ${why.replace(/\.?$/, ".")}`,
    `Stopped after ${thousands(lookedAt)} of ${counted(users, "user")} of this part:`,
    `${counted(removed.length, "direct assignment")} removed, ${counted(blockedUsers, "user")} blocked; ${notYet}.`,
    `${notBegun(slice)} Run pulumi up again: it goes on from here.`,
  ].join(" ");
}

/** Parts and waves run one after the other, so nothing begins after one that halts. */
function notBegun(slice: string): string {
  const [, number = "1", of = "1"] = /^(\d+) of (\d+)$/.exec(slice) ?? [];
  const next = Number(number) + 1;
  if (next > Number(of)) return "No later wave was begun.";
  const parts = next === Number(of) ? `Part ${of}` : `Parts ${next} to ${of}`;
  return `${parts} of this wave and all later waves were not begun.`;
}
