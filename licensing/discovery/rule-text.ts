import type { AttributeRule, Term } from "./attributes";
import { type Attribute, ATTRIBUTES } from "./tenant-today";

/** The rule in Entra's syntax. `readRule` reads it back. */
export function ruleText(rule: AttributeRule): string {
  return rule
    .map(({ attribute, values }) => {
      const quoted = values.map((value) => `"${value}"`);
      return `user.${attribute} ${quoted.length === 1 ? `-eq ${quoted.join("")}` : `-in [${quoted.join(", ")}]`}`;
    })
    .join(" -and ");
}

/** Entra escapes with a backtick; values without one can be taken literally. */
const VALUE = '"[^"`]+"';
const LIST = `\\[\\s*${VALUE}(?:\\s*,\\s*${VALUE})*\\s*\\]`;
const TERM = `\\s*user\\.(${ATTRIBUTES.join("|")})\\s+(?:-eq\\s+(${VALUE})|-in\\s+(${LIST}))`;

/** Parses a rule in the form that `ruleText` writes; `null`: another form, which only Entra can evaluate. */
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
