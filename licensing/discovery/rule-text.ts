import type { AttributeRule, Term } from "./attributes";
import { type Attribute, ATTRIBUTES } from "./tenant-today";

/** A rule as Entra reads it. What is written here is read by `readRule`. */
export function ruleText(rule: AttributeRule): string {
  return rule
    .map(({ attribute, values }) => {
      const quoted = values.map((value) => `"${value}"`);
      return `user.${attribute} ${quoted.length === 1 ? `-eq ${quoted.join("")}` : `-in [${quoted.join(", ")}]`}`;
    })
    .join(" -and ");
}

/** A backtick escapes in Entra's rules. Without one, a value is what stands between its quotes. */
const VALUE = '"[^"`]+"';
const LIST = `\\[\\s*${VALUE}(?:\\s*,\\s*${VALUE})*\\s*\\]`;
const TERM = `\\s*user\\.(${ATTRIBUTES.join("|")})\\s+(?:-eq\\s+(${VALUE})|-in\\s+(${LIST}))`;

/** The rule of a text that has the form which `ruleText` writes; `null`: it has another, and only Entra can tell whom it takes. */
export function readRule(text: string): AttributeRule | null {
  const next = new RegExp(`${TERM}\\s*(-and\\s|$)`, "y");
  const rule: Term[] = [];
  for (;;) {
    const [, attribute, one, list, goesOn] = next.exec(text) ?? [];
    if (attribute === undefined || rule.some((term) => term.attribute === attribute)) return null;
    const values = [...(one ?? list ?? "").matchAll(/"([^"]+)"/g)].flatMap(([, value]) => value ?? []);
    rule.push({ attribute: attribute as Attribute, values });
    if (goesOn === "") return rule;
  }
}
