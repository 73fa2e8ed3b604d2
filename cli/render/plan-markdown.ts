import type { PlanDocument } from "../../licensing/plan-document/schema";
import { picture } from "./markdown/picture";
import { attention, blockedReasons, drift, facts, refusals } from "./markdown/people";
import { groups, skus, waves } from "./markdown/changes";
import { verdictOf } from "../../licensing/verdict";
import { MARKS } from "./words";
import { LIMITS, within, type Limits } from "./markdown/limits";

/** A comment on GitHub holds 65,536 characters, and a pipeline adds some of its own. */
export const MOST_CHARACTERS = 60_000;

/** The plan as a comment on a pull request: the changes, the safety checks, and the remedies for blocked users. */
export function planMarkdown(plan: PlanDocument): string {
  for (const limits of LIMITS) {
    const text = compose(plan, limits);
    if (text.length < MOST_CHARACTERS) return text;
  }
  throw new Error("a plan with one row in each list is longer than a comment may be");
}

function compose(plan: PlanDocument, limits: Limits): string {
  const { text } = within(limits);
  const { word, label, summary } = plan.verdict;
  const lines = [
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
  return `${lines.join("\n").trimEnd()}\n`;
}
