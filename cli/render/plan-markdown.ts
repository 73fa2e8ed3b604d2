import type { PlanDocument } from "../../licensing/plan-document/schema";
import { picture } from "./markdown/picture";
import { attention, blockedReasons, drift, facts, refusals } from "./markdown/people";
import { groups, skus, waves } from "./markdown/changes";
import { verdictOf } from "../../licensing/verdict";
import { MARKS } from "./words";
import { fitting } from "./markdown/fitting";
import { within, type Limits } from "./markdown/limits";

/** The plan as a comment on a pull request: the changes, the safety checks, and the remedies for blocked users. */
export function planMarkdown(plan: PlanDocument): string {
  return fitting((limits) => compose(plan, limits));
}

function compose(plan: PlanDocument, limits: Limits): readonly string[] {
  const { text } = within(limits);
  const { word, label, summary } = plan.verdict;
  return [
    `## Licensing plan for ${text(plan.stack)}`,
    "",
    `${MARKS[verdictOf(word)]} **${label}:** ${text(summary)}`,
    "",
    ...facts(plan, limits),
    ...refusals(plan, limits),
    ...waves(plan, limits),
    ...groups(plan, limits),
    ...skus(plan, limits),
    ...attention(plan, limits),
    ...blockedReasons(plan, limits),
    ...drift(plan, limits),
    ...picture(plan),
  ];
}
