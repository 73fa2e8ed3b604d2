import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { describe, it } from "mocha";
import { planJsonSchema } from "../../licensing/plan-document/json-schema";
import { refusedDocument, withRefusal } from "../../licensing/plan-document/refused";
import { planDocumentSchema } from "../../licensing/plan-document/schema";
import { NOW_MS, smallDocument } from "./documents";

const committed: unknown = JSON.parse(readFileSync(join(__dirname, "..", "..", "docs", "plan.schema.json"), "utf8"));

describe("the JSON Schema of plan.json", () => {
  const validate = new Ajv({ allErrors: true }).compile(committed as object);
  const mistakesIn = (document: unknown) => (validate(document) ? [] : validate.errors);

  it("is the one that the program writes by: else run `npm run dev:schemas`", () => {
    assert.deepEqual(committed, JSON.parse(JSON.stringify(planJsonSchema())));
  });

  for (const [name, document] of [
    ["a plan", smallDocument()],
    ["a plan with names", smallDocument({ showNames: true })],
    ["a plan that the engine refused", withRefusal(smallDocument(), "a policy says no")],
    ["a refusal", refusedDocument({ stack: "contoso", tenant: null, message: "no", nowMs: NOW_MS })],
  ] as const) {
    it(`holds for ${name}, written and read again`, () => {
      const written: unknown = JSON.parse(JSON.stringify(document));
      assert.deepEqual(mistakesIn(written), []);
      assert.deepEqual(planDocumentSchema.parse(written), document);
    });
  }

  it("does not hold for a plan that lacks its verdict, or has a field too many", () => {
    const { verdict: _, ...without } = smallDocument();
    assert.notDeepEqual(mistakesIn(without), []);
    assert.notDeepEqual(mistakesIn({ ...smallDocument(), more: 1 }), []);
  });
});
