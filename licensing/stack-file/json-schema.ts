import { z } from "zod";
import { KEY_DESCRIPTIONS } from "./descriptions";
import { LOGICAL_NAME } from "./logical-name";
import { stackFileSchema } from "./schema";

type Node = Readonly<Record<string, unknown>>;

/** Forms of texts that zod checks in code, so that its JSON Schema does not have them. */
const DURATION = { pattern: "^\\d*\\.?\\d+ *[A-Za-z]+$", examples: ["24 hours", "30 minutes", "7 days"] };
const SHARE = { pattern: "^\\s*\\d+(\\.\\d+)?\\s*%\\s*$", examples: ["5 %", "50 %"] };
const DAY = { pattern: "^\\d{4}-\\d\\d-\\d\\d$", examples: ["2026-11-29"] };

/** The file is read before the schema, which has its users in its place. */
const USERS_FILE = {
  type: "object",
  properties: { file: { description: KEY_DESCRIPTIONS["waves.users.file"], type: "string", minLength: 1 } },
  required: ["file"],
  additionalProperties: false,
};

/** What is added to the schema of a key, by its place in the file. */
const ADDITIONS: Readonly<Record<string, (node: Node) => Node>> = {
  tenant: anyCase,
  "cloud.graph": anyCase,
  "cloud.authority": anyCase,
  groups: (node) => ({ ...node, minProperties: 1, propertyNames: { pattern: LOGICAL_NAME.source } }),
  "groups.*": (node) => exactlyOne(node, ["existing", "create"]),
  "groups.*.licenses": (node) => ({ ...node, items: { anyOf: [{ type: "string", minLength: 1 }, node["items"]] } }),
  waves: (node) => ({ ...node, items: exactlyOne(node["items"] as Node, ["users", "group", "count", "percent"]) }),
  "waves.users": (node) => ({ anyOf: [node, USERS_FILE] }),
  "waves.soak": (node) => ({ ...node, ...DURATION }),
  "waves.minMoved": (node) => ({ ...node, ...SHARE }),
  "departures.limit": (node) => ({ ...node, ...SHARE }),
  "departures.acknowledged": (node) => ({ ...node, ...DAY }),
  "timeouts.processing": (node) => ({ ...node, ...DURATION }),
  "timeouts.inheritance": (node) => ({ ...node, ...DURATION }),
  "timeouts.settle": (node) => ({ ...node, ...DURATION }),
  "timeouts.putBack": (node) => ({ ...node, ...DURATION }),
  pace: (node) => ({ ...node, ...SHARE, examples: ["80%"] }),
};

/** The JSON Schema of a stack file as it is written, for editors. Stored as docs/stack-file.schema.json. */
export function stackFileJsonSchema(): unknown {
  const ours = described(z.toJSONSchema(stackFileSchema, { io: "input", target: "draft-7" }), "");
  const keys = Object.entries(ours["properties"] as Node).map(([key, node]) => [`licensing:${key}`, node] as const);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A stack file of entra-group-licensing",
    type: "object",
    properties: {
      config: {
        description: "What should be: one tenant, its licensing groups, the waves.",
        type: "object",
        properties: Object.fromEntries(keys),
        required: (ours["required"] as readonly string[]).map((key) => `licensing:${key}`),
        // Pulumi and its providers have keys of their own.
        patternProperties: { "^(?!licensing:)": {} },
        additionalProperties: false,
      },
      encryptionsalt: { description: "Written by `pulumi stack init`: commit it with the rest.", type: "string" },
      encryptedkey: { description: "Written by Pulumi.", type: "string" },
      secretsprovider: { description: "Written by Pulumi.", type: "string" },
    },
    required: ["config"],
  };
}

/** Adds descriptions and forms to a schema and all below it. `at` is its place in the file. */
function described(node: Node, at: string): Node {
  return Object.fromEntries(
    Object.entries(node).map(([word, value]) => {
      if (word === "properties") return [word, children(value as Node, at)];
      if (word === "items") return [word, described(value as Node, at)];
      if (word === "additionalProperties" && typeof value === "object") {
        return [word, withDescription(value as Node, join(at, "*"))];
      }
      if (word === "anyOf") return [word, (value as readonly Node[]).map((each) => described(each, at))];
      return [word, value];
    }),
  );
}

function children(properties: Node, at: string): Node {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, withDescription(value as Node, join(at, key))]),
  );
}

function withDescription(value: Node, place: string): Node {
  const node = described(value, place);
  return { description: KEY_DESCRIPTIONS[place], ...(ADDITIONS[place]?.(node) ?? node) };
}

function join(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}

function exactlyOne(node: Node, keys: readonly string[]): Node {
  return { ...node, oneOf: keys.map((key) => ({ required: [key] })) };
}

/** JSON Schema has no flag for upper case. */
function anyCase(node: Node): Node {
  return {
    ...node,
    pattern: String(node["pattern"])
      .replaceAll("a-z", "A-Za-z")
      .replaceAll("a-f", "A-Fa-f")
      .replace("https", "[Hh][Tt][Tt][Pp][Ss]"),
  };
}
