import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { KEY_DESCRIPTIONS } from "../../licensing/stack-file/descriptions";
import { stackFileJsonSchema } from "../../licensing/stack-file/json-schema";

const root = join(__dirname, "..", "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const committed = JSON.parse(read("docs/stack-file.schema.json")) as object;

/** A stack file without mistakes, with `changes` in its configuration. */
function stackFile(changes: Readonly<Record<string, unknown>>): unknown {
  const groups = { "all-users": { existing: "All users", licenses: ["EMS"] } };
  return { config: { "licensing:tenant": "contoso.com", "licensing:groups": groups, ...changes } };
}

describe("the JSON Schema of the stack file", () => {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(committed);
  const mistakesIn = (file: unknown) => (validate(file) ? [] : (validate.errors ?? []));

  it("is the one that the program reads by: else run `npm run dev:schemas`", () => {
    assert.deepEqual(committed, JSON.parse(JSON.stringify(stackFileJsonSchema())));
  });

  it("describes each key", () => {
    const described = new Set<unknown>();
    const lacking: string[] = [];
    const walk = (node: unknown, at: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries((node as { properties?: object }).properties ?? {})) {
        const { description } = value as { description?: string };
        if (description === undefined) lacking.push(`${at}.${key}`);
        described.add(description);
      }
      for (const [word, value] of Object.entries(node)) walk(value, `${at}.${word}`);
    };
    walk(committed, "");
    assert.deepEqual(lacking, []);
    const unused = Object.entries(KEY_DESCRIPTIONS).filter(([, text]) => !described.has(text));
    assert.deepEqual(
      unused.map(([place]) => place),
      ["groups.*"],
    );
  });

  const documents = ["README.md", "docs/operate.md", "docs/stack-file.md"].flatMap((file) =>
    [...read(file).matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
      .map(([, yaml]) => yaml ?? "")
      .filter((yaml) => /^config:/m.test(yaml))
      .map((yaml, at) => [`${file}, number ${at + 1}`, yaml] as const),
  );
  for (const [name, yaml] of [["stacks/Pulumi.demo.yaml", read("stacks/Pulumi.demo.yaml")], ...documents] as const) {
    it(`holds for ${name}`, () => assert.deepEqual(mistakesIn(parse(yaml)), []));
  }

  it("is named by the first line of the demo's stack file", () => {
    assert.match(
      read("stacks/Pulumi.demo.yaml"),
      /^# yaml-language-server: \$schema=\.\.\/docs\/stack-file\.schema\.json\n/,
    );
  });

  const right: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "every key": {
      "licensing:cloud": { graph: "https://localhost:8443", authority: "https://localhost:8443" },
      "licensing:groups": {
        visio: {
          create: {
            displayName: "LIC Visio",
            description: "Visio",
            owners: ["it@contoso.com"],
            members: "direct-holders",
            except: ["megan@contoso.com"],
          },
          licenses: ["VISIOCLIENT", { sku: "EMS", disabledPlans: ["INTUNE_A"] }],
          removeLicenses: ["ENTERPRISEPACK"],
          swapInOneCall: ["STANDARDPACK"],
        },
        design: {
          create: { displayName: "Design", members: { rule: 'user.department -eq "Design"' } },
          licenses: ["EMS"],
        },
      },
      "licensing:waves": [
        { name: "canary", users: ["megan@contoso.com"], soak: "24 hours", maxBlocked: 0, minMoved: "50 %" },
        { name: "it", group: "IT", rollback: "all" },
        { name: "listed", users: { file: "wave1.csv" } },
        { name: "some", count: 5, rollback: true },
        { name: "everyone", percent: 100 },
      ],
      "licensing:applyThrough": "canary",
      "licensing:acceptLoss": [{ group: "visio", sku: "EMS", plan: "INTUNE_A" }],
      "licensing:acceptGrace": ["EMS"],
      "licensing:acceptNoWayBack": true,
      "licensing:departures": { limit: "5 %", acknowledged: "2026-11-29" },
      "licensing:moveLast": ["alex@contoso.com"],
      "licensing:writtenOff": ["alex@contoso.com"],
      "licensing:timeouts": { processing: "6 hours", inheritance: "5m", settle: "30 seconds", putBack: "1.5 hours" },
      "licensing:pace": "80%",
      "licensing:reprocess": false,
      "licensing:showNames": "true",
    },
    "a tenant in capitals": { "licensing:tenant": "6F1C9A52-3B0E-4C1D-9E57-2A8D4B7F10C3" },
    "configuration of Pulumi's own": { "azuread:metadataHost": "x", "pulumi:tags": { a: "b" } },
  };
  for (const [name, changes] of Object.entries(right)) {
    it(`holds for ${name}`, () => assert.deepEqual(mistakesIn(stackFile(changes)), []));
  }

  const wave = (changes: object) => ({ "licensing:waves": [{ name: "everyone", ...changes }] });
  const group = (changes: object) => ({ "licensing:groups": { "all-users": { licenses: ["EMS"], ...changes } } });
  const wrong: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "a key that is misspelt": { "licensing:applyTrough": "canary" },
    "a wave with two ways to take users": wave({ percent: 100, count: 5 }),
    "a wave without users": wave({}),
    "a file of users with a key too many": wave({ users: { file: "a.csv", column: "id" } }),
    "a soak without a unit": wave({ percent: 100, soak: "24" }),
    "a share without a percent sign": wave({ percent: 100, minMoved: "50" }),
    "a percentage over 100": wave({ percent: 101 }),
    "a group that exists and is made": group({ existing: "a", create: { displayName: "a", members: "none" } }),
    "a group that is neither": group({}),
    "a group without licences": group({ existing: "a", licenses: [] }),
    "a licence with a key too many": group({ existing: "a", licenses: [{ sku: "EMS", disabled: [] }] }),
    "a logical name in capitals": { "licensing:groups": { All: { existing: "a", licenses: ["EMS"] } } },
    "no groups": { "licensing:groups": {} },
    "a day that is none": { "licensing:departures": { acknowledged: "yesterday" } },
    "a tenant by its name": { "licensing:tenant": "Contoso Ltd" },
  };
  for (const [name, changes] of Object.entries(wrong)) {
    it(`does not hold for ${name}`, () => assert.notDeepEqual(mistakesIn(stackFile(changes)), []));
  }
});
