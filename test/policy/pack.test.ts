import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { Ajv } from "ajv";
import { asPolicy } from "../../policy/as-policy";
import { rules } from "../../policy/rules";

const folder = join(__dirname, "..", "..", "policy");
const example = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as Record<string, object>;

describe("the policy pack", () => {
  const policies = rules().map(asPolicy);

  it("has rules of different names", () => {
    assert.equal(new Set(policies.map(({ name }) => name)).size, policies.length);
  });

  for (const { name, configSchema } of policies) {
    it(`has a default for each setting of ${name} that its own schema takes`, () => {
      const properties = configSchema?.properties ?? {};
      const defaults = Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, each.default]));
      assert.ok(new Ajv().addFormat("regex", true).validate({ type: "object", properties }, defaults));
    });
  }

  it("comes with an example that sets every rule, and nothing that no rule has", () => {
    assert.deepEqual(Object.keys(example).sort(), policies.map(({ name }) => name).sort());
    for (const { name, configSchema } of policies) {
      const level = { enum: ["mandatory", "advisory", "disabled"] };
      const properties = { ...configSchema?.properties, enforcementLevel: level };
      const schema = { type: "object", properties, additionalProperties: false };
      assert.ok(new Ajv().addFormat("regex", true).validate(schema, example[name]), `config.json: ${name}`);
    }
  });

  it("comes with an example that has the default limits, which are those of its document", () => {
    const table = readFileSync(join(folder, "..", "docs", "policy.md"), "utf8").split("\n");
    for (const { name, configSchema } of policies) {
      for (const [key, { default: value }] of Object.entries(configSchema?.properties ?? {})) {
        assert.deepEqual((example[name] as Record<string, unknown>)[key], value, `config.json: ${name}`);
        const row = table.find((line) => line.startsWith(`| \`${name}\` `)) ?? "";
        if (typeof value === "number" || key === "atLeast") assert.ok(row.includes(`| \`${value as string}\` `), row);
      }
    }
  });

  it("says so where a setting is none of the rule's", () => {
    const policy = policies.find(({ name }) => name === "canary-first");
    assert.deepEqual(judge(policy, { atMostUser: 5, atMostUsers: 5 }), [
      'The configuration of this rule has an unknown key "atMostUser". Did you mean "atMostUsers"? Correct it; allowed: atMostUsers.',
    ]);
    assert.deepEqual(judge(policy, { atMostUsers: 5 }), []);
  });
});

/** What a policy reports of a slice with nothing to remove. */
function judge(policy: ResourceValidationPolicy | undefined, config: object): readonly unknown[] {
  const said: unknown[] = [];
  assert.ok(typeof policy?.validateResource === "function");
  const args = {
    type: "pulumi-nodejs:dynamic/licensing:DirectLicenseRemoval",
    urn: "urn",
    props: { mode: "remove", remove: {} },
    getConfig: () => config,
  };
  void policy.validateResource(args as never, (violation) => void said.push(violation));
  return said;
}
