import { counted, total } from "../counts";
import type { PlanDocument } from "./schema";

type PlanVerdict = PlanDocument["verdict"];
type Judged = Omit<PlanDocument, "verdict" | "version">;

/** Judges the plan in one word and one line. The worst condition decides. */
export function judgePlan(plan: Judged): PlanVerdict {
  const { refusals } = plan;
  if (refusals.length > 0) {
    const mended = refusals.length === 1 ? "it is mended" : "they are mended";
    const summary = `${counted(refusals.length, "refusal")}; pulumi up ends in its preview and changes nothing until ${mended}.`;
    return { word: "stops", label: "Stops", summary };
  }
  const does = whatItDoes(plan);
  const left = whatIsLeft(plan);
  const after = [waiting(plan), left.length === 0 ? "" : `Needs attention: ${left.join(", ")}.`];
  if (does.length === 0) {
    const summary = sentences(["this run changes nothing.", ...after]);
    return { word: "nothing-to-do", label: "Nothing to do", summary };
  }
  const summary = sentences([`this run ${joined(does)}.`, safety(plan), ...after]);
  return left.length === 0
    ? { word: "safe", label: "Safe to apply", summary }
    : { word: "needs-a-look", label: "Needs a look", summary };
}

function whatItDoes(plan: Judged): readonly string[] {
  const { groups, waves } = plan;
  const changing = (kind: "assign" | "change-plans") =>
    groups.filter(({ gives }) => gives.some(({ change }) => change === kind)).length;
  const running = waves.filter(({ state }) => state === "runs");
  const moved = (mode: "remove" | "restore") => {
    const those = running.filter((wave) => wave.mode === mode);
    const assignments = those.reduce((count, { planned }) => count + total(planned), 0);
    // A user is in at most one wave, so the sum counts no user twice.
    const users = those.reduce((count, { plannedUsers }) => count + plannedUsers, 0);
    return {
      count: assignments,
      assignments: counted(assignments, "direct assignment"),
      users: counted(users, "user"),
    };
  };
  const goingBy = (mode: "remove" | "restore") =>
    running
      .filter((wave) => wave.mode === mode)
      .flatMap(({ moves }) => moves)
      .reduce((sum, { users }) => sum + users, 0);
  const [going, goingBack] = [goingBy("remove"), goingBy("restore")];
  const [assigns, changes] = [changing("assign"), changing("change-plans")];
  const takesOff = groups.filter(({ takenOff }) => takenOff.length > 0).length;
  const readsBack = groups.filter((group) => group.readsBack.length > 0).length;
  const [removed, restored] = [moved("remove"), moved("restore")];
  return [
    ...(assigns === 0 ? [] : [`assigns licences to ${counted(assigns, "group")}`]),
    ...(changes === 0 ? [] : [`changes the service plans that ${counted(changes, "group gives", "groups give")}`]),
    ...(takesOff === 0 ? [] : [`takes licences off ${counted(takesOff, "group")}`]),
    ...(readsBack === 0
      ? []
      : [`reads back the members of ${counted(readsBack, "group")}, where a take-off was interrupted`]),
    ...(removed.count === 0 ? [] : [`removes ${removed.assignments} from ${removed.users}`]),
    ...(going === 0 ? [] : [`moves ${counted(going, "user")} from group to group`]),
    ...(goingBack === 0 ? [] : [`moves ${counted(goingBack, "user")} back to the old group`]),
    ...(plan.debts.length === 0
      ? []
      : [`gives back ${counted(plan.debts.length, "direct licence")} that users are owed`]),
    ...(restored.count === 0 ? [] : [`puts back ${restored.assignments} to ${restored.users}`]),
  ];
}

function safety({ groups, acceptedLosses, acceptedSuccessors }: Judged): string {
  const swapping = groups.filter(({ takenOff }) => takenOff.some(({ inOneCall }) => inOneCall));
  const lost = acceptedLosses.map(
    ({ group, plan, users }) => `${counted(users, "member loses", "members lose")} ${plan} of ${group}`,
  );
  const kept = acceptedSuccessors.map(
    ({ plan, by, users }) => `${counted(users, "user keeps", "users keep")} ${plan} as ${by}`,
  );
  if (lost.length + kept.length + swapping.length === 0) return "No user loses a service.";
  const names = joined(swapping.map(({ displayName }) => displayName));
  const parts = [
    ...(swapping.length === 0
      ? []
      : [`what ${names} ${swapping.length === 1 ? "swaps" : "swap"} in one call is not proven for each member before`]),
    ...(lost.length === 0 ? [] : [`by licensing:acceptLoss ${joined(lost)}`]),
    ...(kept.length === 0 ? [] : [`by licensing:successors ${joined(kept)}`]),
    "no user loses anything else.",
  ];
  return asSentenceStart(parts.join("; "));
}

/** Removals left to later runs. */
function waiting({ waves }: Judged): string {
  const later = waves.filter(({ state }) => state === "waits").map(({ planned }) => total(planned));
  const assignments = later.reduce((sum, count) => sum + count, 0);
  return assignments === 0
    ? ""
    : `${counted(assignments, "direct assignment waits for its wave", "direct assignments wait for their waves")}.`;
}

function whatIsLeft(plan: Judged): readonly string[] {
  const warnings = plan.warnings.length + plan.findings.filter(({ severity }) => severity === "warning").length;
  const staying = plan.waves.flatMap(({ moves }) => moves.flatMap(({ stay }) => stay));
  const stay = staying.reduce((sum, { users }) => sum + users, 0);
  const counts: readonly (readonly [number, string, string])[] = [
    [plan.debts.length, "direct licence is owed", "direct licences are owed"],
    [plan.acceptedLosses.length, "accepted loss", "accepted losses"],
    [plan.acceptedSuccessors.length, "accepted successor", "accepted successors"],
    [plan.blocked.moves.inPart, "user moves in part", "users move in part"],
    [plan.blocked.moves.notAtAll, "user is blocked and keeps everything", "users are blocked and keep everything"],
    [stay, "user stays in the old group", "users stay in the old group"],
    [warnings, "warning", "warnings"],
    [plan.drift.returned.length, "direct licence came back", "direct licences came back"],
    [
      plan.lacking.reduce((sum, { userIds }) => sum + userIds.length, 0),
      "user left the group and lacks plans",
      "users left their group and lack plans",
    ],
    [plan.addedPlans.length, "plan that Microsoft added", "plans that Microsoft added"],
    [plan.waves.length === 0 ? 0 : plan.inNoWave, "user is in no wave", "users are in no wave"],
  ];
  return counts.filter(([count]) => count > 0).map(([count, one, many]) => counted(count, one, many));
}

function asSentenceStart(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function joined(words: readonly string[]): string {
  return words.length <= 1 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

function sentences(all: readonly string[]): string {
  return all.filter((each) => each !== "").join(" ");
}
