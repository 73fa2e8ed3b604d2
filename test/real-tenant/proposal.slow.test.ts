import assert from "node:assert/strict";
import { openRig, type Rig } from "../providers/rig";
import { discovered, withGroup, type Discovered } from "./discovered";
import { planned } from "./planned";
import { realTenant } from "./tenant";

/** A number as the comments write it. */
const N = "([\\d,]+)";
const toNumber = (text: string | undefined) => Number((text ?? "").replace(/,/g, ""));

describe("what discover proposes for 3,000 users with 40 products", function () {
  this.timeout(300_000);
  let rig: Rig;
  let found: Discovered;

  before(async () => {
    rig = await openRig();
    rig.start(realTenant());
    found = await discovered(rig);
  });

  after(() => rig.close());

  const matches = (words: RegExp) =>
    [...found.comments].flatMap(([name, comment]) => [...comment.matchAll(words)].map((match) => ({ name, match })));
  const licensesOf = (name: string) =>
    (found.config["licensing:groups"] as Record<string, { licenses: readonly unknown[] }>)[name]?.licenses ?? [];

  it("is a file that a person reads: 25 groups at most, in 350 lines", () => {
    assert.ok(found.comments.size <= 25, `${found.comments.size} groups`);
    assert.ok(found.text.split("\n").length <= 350, `${found.text.split("\n").length} lines`);
  });

  it("names what is left alone: self-service SKUs, a suspended one, licences of few users", () => {
    const text = found.text.replace(/\n\s*# ?/g, " ");
    assert.match(text, /take these for themselves or try them: FLOW_FREE \(1,6\d\d users\), POWER_BI_STANDARD/);
    assert.match(text, /the subscription has ended: DYN365_ENTERPRISE_SALES \(30 users\)/);
    assert.match(text, /few users hold them.*ENTERPRISEPACK without EXCHANGE_S_ENTERPRISE \(1 user\)/);
    assert.match(text, /PBI_PREMIUM_PER_USER \(1 user\)/);
    assert.doesNotMatch(text, /replaces: \[POWER_BI_STANDARD\]/, "what is left alone is not proposed as replaced");
  });

  it("has sections for users that get no group on their account", () => {
    const section = (title: string) => found.findings.split(`## ${title}`)[1]?.split("\n## ")[0] ?? "";
    assert.match(section("Which guests have licences?"), /POWER_BI_PRO.*\| 30 \|/);
    assert.match(section("Which shared mailboxes have licences?"), /EXCHANGESTANDARD.*\| 60 \|/);
    assert.match(section("Which disabled accounts have licences?"), /ENTERPRISEPACK.*\| 80 \|/);
    assert.match(section("Which users have no usage location?"), /SPE_F1.*\| 10 \|/);
    assert.match(section("Which subscriptions are ending?"), /PROJECTPROFESSIONAL[^]*DYN365_ENTERPRISE_SALES/);
    const ofMailboxes = JSON.stringify(found.config["licensing:groups"]);
    assert.doesNotMatch(ofMailboxes, /EXCHANGESTANDARD|AAD_PREMIUM_P2|TEAMS_EXPLORATORY/);
  });

  it("is previewed without a warning, but for the subscription in grace", async () => {
    const { plan } = await planned(rig.graph(), found.config);
    assert.deepEqual(
      plan.findings.filter(({ severity }) => severity !== "note").map(({ code, about }) => [code, about]),
      [["subscription-ending", "engineering PROJECTPROFESSIONAL"]],
    );
  });

  it("says of each group how many users join it: so many do", async () => {
    const { plan } = await planned(rig.graph(), found.config);
    const joining = new Map(plan.groups.map(({ declared, joining: each }) => [declared.name, each?.userIds.size]));
    const told = matches(new RegExp(`^${N} users? holds? .* becomes? (?:a member|members) of a new group`, "g"));
    assert.ok(told.length > 10);
    for (const { name, match } of told) assert.equal(joining.get(name), toNumber(match[1]), name);
  });

  it("is true where it says that users join another group when one is taken out", async () => {
    const offers = matches(
      new RegExp(
        `take it out: its ${N} users? then joins? ([a-z0-9-]+), with (.*?) on\\. That takes no further seat`,
        "g",
      ),
    );
    assert.ok(offers.length >= 2, `${offers.length}`);
    const before = await planned(rig.graph(), found.config);
    for (const { name, match } of offers) {
      const { plan } = await planned(rig.graph(), withGroup(found.config, name, null));
      const [, count, to = "", plans = ""] = match;
      const joiners = (of: typeof plan, group: string) =>
        of.groups.find(({ declared }) => declared.name === group)?.joining?.userIds ?? new Set<string>();
      const own = [...joiners(before.plan, name)];
      assert.equal(own.length, toNumber(count), name);
      assert.ok(
        own.every((id) => joiners(plan, to).has(id)),
        `${name}: they join ${to}`,
      );
      const gained = plan.findings.filter(({ code, about }) => code === "plans-gained" && about.startsWith(to));
      const told = gained.find(({ userIds }) => own.every((id) => userIds.includes(id)));
      for (const planName of plans.split(" and ")) assert.match(told?.message ?? "", new RegExp(planName));
      assertNoSeats(plan);
    }
  });

  it("is true where it says that users may be made members of a group that gives the same", async () => {
    const offers = matches(
      new RegExp(`or make (?:the user a member|these ${N} users members) of (.*?), which gives`, "g"),
    );
    assert.ok(offers.length >= 2, `${offers.length}`);
    const before = await planned(rig.graph(), found.config);
    const removed = before.plan.waves.flatMap(({ slices }) => slices.flatMap(({ removals }) => removals)).length;
    try {
      for (const { name, match } of offers) {
        const users = before.plan.groups.find(({ declared }) => declared.name === name)?.joining?.userIds ?? new Set();
        for (const id of users) rig.emulator.tenant.joinGroup(id, match[2] ?? "");
        rig.emulator.clock.advance(3_600_000);
        const { plan } = await planned(rig.graph(), withGroup(found.config, name, null));
        assertNoSeats(plan);
        const now = plan.waves.flatMap(({ slices }) => slices.flatMap(({ removals }) => removals)).length;
        assert.equal(now, removed, name);
      }
    } finally {
      rig.start(realTenant());
    }
  });

  it("is true about an existing group or a rule in place of one: the covered users, the extra users, and the seats", async () => {
    const offers = matches(
      new RegExp(
        `Or (?:an existing group: .*? \\(([0-9a-f-]{36})\\)|a rule: (user\\..*?)) covers ${N} of ${N}, and (?:no other user|${N} users? that do(?:es)? not have it today)` +
          `(?:, which takes ${N} more seats? of (\\S+) \\((?:only )?${N} (?:are|is) left\\))?`,
        "g",
      ),
    );
    assert.ok(offers.length >= 3, `${offers.length}`);
    for (const [at, { name, match }] of offers.entries()) {
      const [, groupId, rule, covered, , extra = "0", more = "0", sku = "", left] = match;
      const displayName = `Alternative ${at}`;
      const { tenant, clock } = rig.emulator;
      if (rule !== undefined) {
        tenant.addGroup({ displayName, groupTypes: ["DynamicMembership"], membershipRule: rule });
        tenant.setRule(displayName, rule);
        clock.advance(24 * 3_600_000);
      }
      const before = await planned(rig.graph(), found.config);
      const whose = before.plan.groups.find(({ declared }) => declared.name === name)?.joining?.userIds ?? new Set();
      const existing = groupId ?? tenant.group(displayName).id;
      const { plan, snapshot } = await planned(
        rig.graph(),
        withGroup(found.config, name, { existing, licenses: licensesOf(name) }),
      );
      const members = snapshot.members.get(existing) ?? new Set<string>();
      const ordinary = [...whose].filter((id) => snapshot.users.get(id)?.usageLocation !== null);
      const inIt = ordinary.filter((id) => members.has(id) && snapshot.users.get(id)?.accountEnabled !== false);
      assert.equal(inIt.length, toNumber(covered), `${name}: covered`);
      const seats = plan.findings.find(({ code, about }) => /^(new-)?seats$/.test(code) && about.includes(sku));
      if (toNumber(more) > 0) assert.equal(seats?.userIds.length, toNumber(more), `${name}: seats`);
      else assertNoSeats(plan);
      const bought = snapshot.catalog.skus.find(({ partNumber }) => partNumber === sku);
      if (left !== undefined) {
        assert.equal((bought?.prepaidUnits.enabled ?? 0) - (bought?.consumedUnits ?? 0), toNumber(left), name);
      }
      assert.ok(toNumber(extra) >= toNumber(more), name);
    }
    rig.start(realTenant());
  });

  it("makes a group for each variant where that is asked for, and no user gains an app then", async () => {
    const all = await discovered(rig, { everyVariant: true });
    assert.doesNotMatch(all.text, /some of them gain|few users hold them/);
    const { plan } = await planned(rig.graph(), all.config);
    const ordinary = plan.findings.filter(({ code }) => code === "plans-gained");
    assert.deepEqual(
      ordinary.map(({ message }) => message),
      [],
    );
  });

  function assertNoSeats({ findings }: { readonly findings: readonly { readonly code: string }[] }): void {
    assert.deepEqual(
      findings.filter(({ code }) => /^(new-)?seats$/.test(code)),
      [],
    );
  }
});
