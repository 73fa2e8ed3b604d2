import { existsSync, readFileSync } from "node:fs";

/** What a policy pack found, of the engine's own events. */
export interface PolicyEvent {
  readonly policyName?: string;
  readonly resourceUrn?: string;
  readonly message: string;
  readonly enforcementLevel: string;
}

/** A rule that a row breaks, in words for the plan. */
export interface BrokenRule {
  /** Such as `rule group-names (visio)`. */
  readonly about: string;
  readonly message: string;
  readonly isMandatory: boolean;
}

/** In the order in which the engine found them, each once. */
export function brokenRules(events: readonly PolicyEvent[]): readonly BrokenRule[] {
  const found = events.map(({ policyName = "", resourceUrn = "", message, enforcementLevel }) => {
    const row = resourceUrn.split("::").at(-1) ?? "";
    return {
      about: `rule ${policyName}${row === "" ? "" : ` (${row})`}`,
      message: wordsOf(message),
      isMandatory: enforcementLevel === "mandatory",
    };
  });
  return [...new Map(found.map((rule) => [JSON.stringify(rule), rule])).values()];
}

/** The events in a log of the engine (`--event-log`), which holds the whole state: only lines of policies are parsed. */
export function policyEventsIn(log: string): readonly PolicyEvent[] {
  if (!existsSync(log)) return [];
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.includes('"policyEvent"'))
    .flatMap((line) => (JSON.parse(line) as { readonly policyEvent?: PolicyEvent }).policyEvent ?? []);
}

/** Without the rule's description, which the engine puts on the first line. */
function wordsOf(message: string): string {
  const [first = "", ...rest] = message.trim().split("\n");
  return rest.length === 0 ? first : rest.join("\n");
}
