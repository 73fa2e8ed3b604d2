import type { ResourceValidationPolicy } from "@pulumi/policy";
import { didYouMean } from "../licensing/nearest";
import { rowOf } from "./rows";
import type { Rule } from "./rule";

/**
 * Turns a rule into a Pulumi policy that checks the inputs of each row before that row is applied. A policy on the whole stack
 * would run only after the removals in an update without a preview.
 */
export function asPolicy(rule: Rule): ResourceValidationPolicy {
  const { name, description, settings } = rule;
  return {
    name,
    description,
    ...(settings !== undefined && { configSchema: { properties: { ...settings } } }),
    validateResource: (args, reportViolation) => {
      const row = rowOf(args.type, args.urn, args.props);
      if (row === null) return;
      const config = args.getConfig<Readonly<Record<string, unknown>>>();
      // The engine lets a key pass that no rule has, and a limit that is written wrong would be none.
      for (const key of unknownKeys(config, Object.keys(settings ?? {}))) reportViolation(key);
      for (const violation of rule.judge(row, config as never)) reportViolation(violation);
    },
  };
}

function unknownKeys(config: Readonly<Record<string, unknown>>, known: readonly string[]): readonly string[] {
  return Object.keys(config)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const allowed = known.length === 0 ? "this rule has no settings" : `allowed: ${known.join(", ")}`;
      return `The configuration of this rule has an unknown key "${key}".${didYouMean(key, known)} Correct it; ${allowed}.`;
    });
}
