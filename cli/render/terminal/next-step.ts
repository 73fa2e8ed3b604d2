import { typed } from "../command-line";
import { formatMoment } from "../../../licensing/moment-words";
import { formatDuration } from "../../../licensing/duration";
import { movedUsers } from "../words";
import type { PlanDocument } from "../../../licensing/plan-document/schema";

/** What an administrator does after a preview, or after the run that it showed. */
export function nextStep(plan: PlanDocument, when: "previewed" | "applied"): string {
  const { stack, waves, verdict, applyThrough } = plan;
  if (verdict.word === "stops") return "Next: mend what is refused, then run preview again.";
  const runs = waves.some((wave) => wave.state === "runs" && wave.plannedUsers + movedUsers(wave) > 0);
  if (when === "previewed" && (runs || verdict.word !== "nothing-to-do")) {
    return `Next: ${typed(`up --stack ${stack}`)}`;
  }
  const last = waves.findIndex(({ name }) => name === applyThrough);
  const within = waves.find(({ state }, at) => state === "waits" && at <= last);
  if (within !== undefined) {
    const when = formatMoment(within.startsAt);
    return `Next, from ${when} on: ${typed(`up --stack ${stack}`)}\n${within.name}: ${within.hold ?? ""}`.trim();
  }
  const beyond = waves.find(({ state }, at) => state === "waits" && at > last);
  if (beyond !== undefined) {
    const before = waves[waves.indexOf(beyond) - 1];
    const soak =
      before === undefined || before.soakMs === 0 || Date.parse(beyond.startsAt) <= Date.parse(plan.plannedAt)
        ? ""
        : `, from ${formatMoment(beyond.startsAt)} on (${before.name} soaks ${formatDuration(before.soakMs)})`;
    return `Next: \`licensing:applyThrough: ${beyond.name}\` in the stack file, then${soak}:\n${typed(`up --stack ${stack}`)}`;
  }
  return `Next, every night:\n${typed(`preview --stack ${stack} --expect-no-changes`)}`;
}
