import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Row } from "./rows";

/** What a person may ask of every change. */
export interface Rule<Config = never> {
  /** As in the configuration of the pack. */
  readonly name: string;
  readonly description: string;
  /** Its settings with their defaults, as JSON Schema; the engine checks them and fills them in. */
  readonly settings?: PolicyConfigSchema["properties"];
  /** How a row breaks it; each text says with names and numbers what is wrong, and what to change. */
  judge(row: Row, config: Config): readonly string[];
}

/** The setting of a rule that another person answers with an approval: one entry for each thing that is allowed. */
export function approvals(
  properties: NonNullable<PolicyConfigSchema["properties"]>,
  description: string,
): NonNullable<PolicyConfigSchema["properties"]> {
  const change = {
    type: "string",
    minLength: 1,
    description: "The approval: the number of a change, a link.",
  } as const;
  return {
    entries: {
      type: "array",
      default: [],
      items: {
        type: "object",
        required: [...Object.keys(properties), "change"],
        properties: { ...properties, change },
        additionalProperties: false,
      },
      description,
    },
  };
}

/** True if an entry's word is the name or the id of the thing, in upper or lower case. */
export function isOneOf(word: string, ...names: readonly string[]): boolean {
  return names.some((name) => name.toLowerCase() === word.toLowerCase());
}
