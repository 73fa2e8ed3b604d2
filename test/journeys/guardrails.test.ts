import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TenantSpec, UserSpec } from "../../emulator";
import { EMS } from "../../emulator/tenants/products";
import { EngineWords } from "./engine-words";
import { journeyOf } from "./journey";
import { planFiles } from "./plan-files";

const boss = "boss@contoso.com";
const people = [boss, ...Array.from({ length: 11 }, (_, index) => `user${index + 1}@contoso.com`)];

/** Two groups with the same people, of which one is named by the rule of this company. */
function tenant(): TenantSpec {
  const users = people.map((name): UserSpec => ({ userPrincipalName: name, licenses: [{ sku: "EMS" }] }));
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "US",
    skus: [{ ...EMS, seats: 20 }],
    users,
    groups: ["All users", "LIC All users"].map((displayName) => ({
      displayName,
      members: people,
      licenses: [{ sku: "EMS" }],
    })),
  };
}

const groupCalled = (existing: string) => ({ "all-users": { existing, licenses: ["EMS"] } });

/** Breaks each rule: no canary, no soak, too many at once, the boss as others, a name, a loss without approval. */
const reckless = {
  "licensing:groups": groupCalled("All users"),
  "licensing:waves": [
    { name: "most", percent: 90 },
    { name: "everyone", percent: 100 },
  ],
  "licensing:applyThrough": "everyone",
  "licensing:acceptLoss": [{ group: "all-users", sku: "EMS", plan: "INTUNE_A" }],
};

const careful = {
  "licensing:groups": groupCalled("LIC All users"),
  "licensing:waves": [
    { name: "canary", count: 2, soak: "24 hours" },
    { name: "everyone", percent: 100 },
  ],
  "licensing:applyThrough": "canary",
  "licensing:acceptLoss": undefined,
  "licensing:moveLast": [boss],
};

const settings = {
  "canary-first": { atMostUsers: 2 },
  soak: { atLeast: "24 hours" },
  "removals-per-update": { atMost: 5 },
  "move-last": { users: [boss] },
  "group-names": { pattern: "^LIC " },
  "accepted-losses": { entries: [{ group: "all-users", sku: "EMS", plan: "SWAY", change: "CHG-1" }] },
};

const broken = [
  "accepted-losses of all-users",
  "canary-first of most-1",
  "group-names of all-users",
  "move-last of inheritance",
  "removals-per-update of most-1",
  "soak of everyone-1",
];

describe("journey: the guardrails of a team with its own rules", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: tenant(), processing: { joinMs: 100 } }), reckless);
  const direct = () =>
    journey.emulator.tenant
      .users()
      .filter((user) => user.holdings.assignments.some((entry) => entry.assignedByGroup === null));

  /** The words for the pack with these settings. */
  function pack(config: object): { readonly words: readonly string[] } {
    const file = join(journey.stack.folder, "guardrails.json");
    writeFileSync(file, JSON.stringify(config));
    return { words: ["--policy-pack", "policy", "--policy-pack-config", file] };
  }

  it("advisory: a preview names each rule that is broken, the row and the way out, and goes through", async () => {
    const said = await journey.preview(pack({ all: "advisory", ...settings }));
    assert.deepEqual(violations(said, "advisory"), broken);
    assert.deepEqual(violations(said, "mandatory"), []);
    for (const words of [
      "Wave most would be the first to remove something",
      "Write soak: 24 hours at most in licensing:waves.",
      "With wave most (1 of 1) this update would remove",
      "Only the last wave may take boss@contoso.com. Add them to licensing:moveLast, written as here.",
      'licensing:groups.all-users is the group "All users"',
      "have the owner of these rules add",
    ]) {
      assert(said.text.includes(words), `${words}\nis not in\n${said.text}`);
    }
  });

  it("mandatory, as they are without a word: the same preview fails", async () => {
    const said = await journey.previewRefused({}, pack(settings));
    assert.deepEqual(violations(said, "mandatory"), broken);
    assert.deepEqual(violations(said, "advisory"), []);
  });

  it("the plan names each broken rule as a refusal, with the row and the way out", async () => {
    const [, , , file = ""] = pack(settings).words;
    const { code, document, markdown } = await planFiles(journey, "refused", ["--guardrails", file]);
    assert.notEqual(code, 0);
    assert.deepEqual(document.refusals.map(({ about }) => about).sort(), broken.map(asInPlan));
    assert.match(
      markdown,
      /\*\*rule canary-first \(most-1\)\*\*\n\n> Wave most would be the first to remove something/,
    );
  });

  it("where the settings can't be used, the plan says that the tool stopped, and nothing about the tenant", async () => {
    const [, , , file = ""] = pack({ "canary-first": { atMostUsers: "two" } }).words;
    const { document } = await planFiles(journey, "refused", ["--guardrails", file]);
    assert.match(
      document.refusals[0]?.message ?? "",
      /^There is no plan: .* no finding about the stack file or the tenant\./,
    );
    assert.match(document.refusals[0]?.message ?? "", /canary-first: atMostUsers: Invalid type/);
  });

  it("an up without a preview stops at the row that goes over the limit: what is before it stays within", async () => {
    journey.edit({ ...careful, "licensing:applyThrough": "everyone", "licensing:waves": withoutSoak() });
    const { words } = pack({ ...settings, soak: "disabled" });
    const said = new EngineWords(await journey.stack.run(["up", "--yes", "--skip-preview", ...words]));
    assert.notEqual(said.code, 0, said.text);
    assert.deepEqual(violations(said, "mandatory"), ["removals-per-update of everyone-1"]);
    assert.match(said.text, /would remove 12 direct assignments; 5 are allowed/);
    assert.equal(direct().length, people.length - 2, "the canary is done");
    assert(direct().some(({ userPrincipalName }) => userPrincipalName === boss));
  });

  it("a stack file that keeps the rules passes them, and a second look finds nothing to do", async () => {
    journey.edit(careful);
    assert.deepEqual(violations(await journey.up(pack(settings)), "mandatory"), []);
    const said = await journey.preview({ words: [...pack(settings).words, "--expect-no-changes"] });
    assert.deepEqual([...violations(said, "mandatory"), ...violations(said, "advisory")], []);
    assert.match(said.text, /✅ entra-group-licensing@v/);
    const advice = { ...settings, "group-names": { pattern: "^SG ", enforcementLevel: "advisory" } };
    const [, , , file = ""] = pack(advice).words;
    const { code, document } = await planFiles(journey, "kept", ["--guardrails", file]);
    assert.equal(code, 0);
    assert.match(
      document.warnings.join("\n"),
      /^rule group-names \(all-users\): licensing:groups\.all-users is the group/m,
    );
  });
});

/** `canary-first of most-1`: which rule is broken by which row. */
function violations(said: EngineWords, level: "mandatory" | "advisory"): readonly string[] {
  const lines = said.text.matchAll(/- \[(\w+)\]\s+(\S+)\s+\(\S+: (\S+)\)/g);
  return [...lines].flatMap(([, its, rule, row]) => (its === level ? [`${rule} of ${row}`] : [])).sort();
}

/** `rule canary-first (most-1)`, where the engine's display has `canary-first of most-1`. */
function asInPlan(words: string): string {
  const [rule = "", row = ""] = words.split(" of ");
  return `rule ${rule} (${row})`;
}

function withoutSoak(): readonly object[] {
  return careful["licensing:waves"].map(({ soak: _, ...wave }) => wave);
}
