import type * as pulumi from "@pulumi/pulumi";
import type { GraphConnection, RuleEvaluation } from "../graph/tenant-graph";
import type { Guid } from "../licensing/model";
import { sameRule } from "../licensing/stack-file/own-group";
import { formatDuration, formatSeconds } from "../licensing/duration";
import type { EvaluatedRuleState } from "../licensing/record/record";
import type { Timeouts } from "../licensing/stack-file/stack-file";
import { HostedResource } from "./hosted-resource";
import { RULE_SETTLED_MS } from "./writing/limits";
import { polls } from "./writing/polls";
import { cutShort, readingRow, waitOrStop } from "./writing/waits";
import type { Lifecycle } from "./engine/lifecycle";

export interface EvaluatedRuleInputs {
  readonly connection: GraphConnection;
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName: string;
  readonly rule: string;
  readonly timeouts: Timeouts;
  readonly __urn: string;
}

export interface EvaluatedRuleOutputs extends EvaluatedRuleState {
  /** When Entra was first seen to have evaluated this rule, ISO 8601; `null` if not yet. */
  readonly evaluatedAt: string | null;
}

/** What the program declares. The engine runs `evaluatedRule`. */
export class EvaluatedRule extends HostedResource {
  constructor(name: string, args: pulumi.Inputs & EvaluatedRuleInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { evaluated: undefined, evaluatedAt: undefined };
    super("EvaluatedRule", name, { ...outputs, ...args }, options);
  }
}

/**
 * Waits until Entra has evaluated a group's rule, so that all its users are members before the group gets its licence.
 * Later changes of members are read by each plan.
 */
export const evaluatedRule: Lifecycle<EvaluatedRuleInputs, EvaluatedRuleOutputs> = {
  idOf: ({ groupId }) => `${groupId} rule`,

  refusal: () => null,

  hasChanges: ({ groupId, rule }, outputs) =>
    !outputs.evaluated || outputs.groupId !== groupId || !sameRule(rule, outputs.rule),

  async converge({ connection, name, groupId, displayName, rule, timeouts, __urn }, _before, host) {
    const row = readingRow(host, __urn);
    const graph = cutShort(host.connectForReading(connection).awaiting([groupId]), row);
    const startedMs = host.now();
    const pauses = polls();
    let seen: Seen = { members: null, sinceMs: startedMs };
    for (;;) {
      const found = await graph.ruleEvaluation(groupId);
      if (found.members !== seen.members) seen = { members: found.members, sinceMs: host.now() };
      const ended = (unfinished: readonly string[]) => ({
        outputs: {
          name,
          groupId,
          rule,
          evaluated: unfinished.length === 0,
          evaluatedAt: unfinished.length === 0 ? new Date(graph.now()).toISOString() : null,
        },
        unfinished,
      });
      if (isEvaluated(found, rule)) return ended([]);
      const trouble = troubleWith(found, rule);
      if (trouble !== null) return ended([`${displayName}: ${trouble}`]);
      if (hasSettled(seen, host.now())) return ended([]);
      const waitedMs = host.now() - startedMs;
      if (waitedMs >= timeouts.processingMs) return ended([tooLong(displayName, found, timeouts)]);
      const text = `waiting for Entra to evaluate the rule (${formatSeconds(waitedMs)}): ${found.status ?? "no word yet"}`;
      const stop = await waitOrStop(pauses.next().value, text, row);
      if (stop !== null) return ended([`Stopped while Entra evaluates the rule of ${displayName}: ${stop}`]);
    }
  },

  release: () => Promise.resolve(),
};

/** Number of users in the group, and since when it has not changed. */
interface Seen {
  readonly members: number | null;
  readonly sinceMs: number;
}

/** If Graph does not report progress: the group has users, and their number has been stable for a while. */
function hasSettled({ members, sinceMs }: Seen, nowMs: number): boolean {
  return members !== null && members > 0 && nowMs - sinceMs >= RULE_SETTLED_MS;
}

function isEvaluated(found: RuleEvaluation, rule: string): boolean {
  return found.status === "Succeeded" && found.isOn && sameRule(found.rule, rule);
}

/** Problems that waiting cannot solve. */
function troubleWith({ rule: there, isOn, status, error }: RuleEvaluation, rule: string): string | null {
  if (!sameRule(there, rule)) {
    return `the group has another rule (${there ?? "none"}) than the stack file says. It was changed outside this stack: run pulumi refresh, then pulumi preview.`;
  }
  if (!isOn)
    return 'the evaluation of its rule is paused. Switch it on (PATCH /groups/{id} with {"membershipRuleProcessingState": "On"}), and run pulumi up again.';
  if (status === "Failed") {
    return `Entra could not evaluate its rule${error === null ? "" : ` (${error})`}. Correct the rule in the stack file, and run pulumi up again.`;
  }
  return null;
}

function tooLong(displayName: string, { status }: RuleEvaluation, { processingMs }: Timeouts): string {
  const says = status === null ? "Graph does not say how far it is" : `Graph says ${status}`;
  return (
    `${displayName}: its rule was not evaluated within ${formatDuration(processingMs)} (${says}). It has no licence from this run, and ` +
    "nothing was removed. Run pulumi up again, or raise licensing:timeouts.processing."
  );
}
