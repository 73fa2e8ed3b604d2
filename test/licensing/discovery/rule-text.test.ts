import assert from "node:assert/strict";
import { parseRule } from "../../../emulator/licensing/membership-rule";
import type { User } from "../../../emulator/directory/entities";
import { type AttributeRule, isTaken } from "../../../licensing/discovery/attributes";
import { readRule, ruleText } from "../../../licensing/discovery/rule-text";

const design = { attribute: "department", values: ["R'n'D: #1 (Zürich), [a]"] } as const;
const dach = { attribute: "country", values: ["DE", "AT", "\\ -and"] } as const;
const contoso = { attribute: "companyName", values: ["Contoso, Ltd."] } as const;

const forms: readonly AttributeRule[] = [[design], [dach], [design, dach], [dach, contoso, design]];

describe("the text of a rule", () => {
  for (const rule of forms) {
    const text = ruleText(rule);

    it(`is read as it was written: ${text}`, () => {
      assert.deepEqual(readRule(text), rule);
      assert.deepEqual(readRule(`  ${text.replaceAll(" -and user", "   -and  user")} `), rule);
    });

    it(`takes the same people in the embedded Graph: ${text}`, () => {
      const values = [design, dach, contoso].flatMap((term) => term.values);
      const some = [null, ...values, ...values.map((value) => value.toUpperCase())];
      const takes = parseRule(text);
      let taken = 0;
      for (const department of some) {
        for (const country of some) {
          for (const companyName of some) {
            const profile = { department, country, companyName };
            const user = { profile } as unknown as User;
            assert.equal(takes(user), isTaken(profile, rule), JSON.stringify(profile));
            if (takes(user)) taken += 1;
          }
        }
      }
      assert.ok(taken > 0);
    });
  }

  for (const other of [
    "",
    'user.jobTitle -eq "Design"',
    'user.department -ne "Design"',
    'user.department -eq "Design" -or user.country -eq "DE"',
    'user.department -eq "Design" -and user.accountEnabled -eq true',
    'user.department -eq "Design" -and ',
    'user.department -eq "Design" user.country -eq "DE"',
    'user.country -eq "DE" -and user.country -in ["DE", "AT"]',
    "user.country -in []",
    'user.country -in ["DE" "AT"]',
    'user.country -eq ["DE"]',
    'user.country -in "DE"',
    'user.country -eq ""',
    'user.department -eq "a `"quoted`" word"',
    '(user.department -eq "Design")',
  ]) {
    it(`is not ours: ${other}`, () => {
      assert.equal(readRule(other), null);
    });
  }
});
