import assert from "node:assert/strict";
import fc from "fast-check";
import { parsers } from "prettier/plugins/markdown";

const tricks = fc.constantFrom(
  "|",
  "`",
  "``",
  "\\",
  "\n",
  "*",
  "_",
  "[a](http://b.c)",
  "<b>",
  "</details>",
  "@org/team",
);
const more = fc.constantFrom(
  "#12",
  "~~",
  "![",
  "](",
  "$x$",
  "www.a.b",
  "-->",
  "&lt;",
  '"',
  "'",
  "\u202e",
  " ",
  "🦊",
  "end",
);

/** Names as anybody may choose them in a tenant, full of what Markdown reads as markup. */
export const wildNames = fc
  .array(fc.oneof(tricks, more, fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 8 })
  .map((parts) => `x${parts.join("")}x`);

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}

/** What a reader of Markdown makes of it: the kinds of its parts, and the tags in full; texts and breaks in them aside. */
export function structure(markdown: string): unknown {
  return kindsOf(parsers.markdown.parse(markdown, {} as never) as Node);
}

function kindsOf({ type, value, children = [] }: Node): unknown {
  if (type === "code") return type;
  if (type === "html") return value === "<code>" ? "inlineCode" : value;
  if (type === "text") assert.doesNotMatch(value ?? "", /@[\p{L}\p{N}]/u, "a mention");
  const parts = children
    .map((child) => ({ child, kinds: kindsOf(child) }))
    .filter(({ child }) => !TEXTS.has(child.type) && !SILENT.has(child.value ?? ""))
    .map(({ kinds }) => kinds);
  return parts.length === 0 ? type : { [type]: parts };
}

const SILENT = new Set(["<!-- -->", "</code>"]);
const TEXTS = new Set(["text", "sentence", "word", "whitespace", "break"]);
