import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { guidFrom, type TenantSpec } from "../../emulator";
import { EMS, ENTERPRISEPACK } from "../../emulator/tenants/products";
import { seedTenant } from "../../emulator/tenants/seed";
import { configTexts } from "../../licensing/stack-file/config-texts";
import { readStackFile } from "../../licensing/stack-file/reading";
import { discover, type Discovered, type DiscoverOptions, type Surroundings } from "../../cli/discover/discover";
import { grownTenant } from "../journeys/grown-tenant";
import { rigOf } from "../providers/rig";
import { discoverOptions } from "./discover-options";

describe("entra-licensing discover", function () {
  this.timeout(120_000);
  const rig = rigOf({ unevenPages: true });
  let home: string;
  let said: string[];
  let progress: string[];

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "discover-"));
    said = [];
    progress = [];
  });

  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const stackFile = () => join(home, "stacks", "Pulumi.contoso.yaml");
  const pageFile = () => join(home, "stacks", "contoso.findings.md");
  const kept = () => (existsSync(join(home, "cache")) ? readdirSync(join(home, "cache", "discover")) : []);

  const optionsOf = (changes: Partial<DiscoverOptions> = {}) => discoverOptions(rig, join(home, "stacks"), changes);

  const surroundings = (changes: Partial<Surroundings> = {}): Surroundings => ({
    say: (line) => said.push(line),
    progress: (text) => progress.push(text),
    ask: null,
    now: () => Date.UTC(2026, 10, 22),
    cacheFolder: join(home, "cache"),
    ...changes,
  });

  const run = (options: Partial<DiscoverOptions> = {}, around: Partial<Surroundings> = {}): Promise<Discovered> =>
    discover(optionsOf(options), surroundings(around));

  /** The stack file as the engine would hand it over. */
  function written() {
    const { config } = parse(readFileSync(stackFile(), "utf8")) as { config: Record<string, unknown> };
    const reading = readStackFile(configTexts(config));
    assert.ok(reading.ok, JSON.stringify(reading));
    return reading.stackFile;
  }

  it("finds the groups of the seed's tenant, reading only, with the permissions of a preview", async () => {
    const permissions = [
      "User.Read.All",
      "GroupMember.Read.All",
      "GroupMember.ReadBasic.All",
      "LicenseAssignment.Read.All",
    ];
    rig.start({ ...seedTenant({ users: 60 }), apps: [{ name: "reader", permissions }] });
    await run();
    const [, schema = ""] = /^# yaml-language-server: \$schema=(.*)\n/.exec(readFileSync(stackFile(), "utf8")) ?? [];
    assert.ok(existsSync(join(home, "stacks", schema)), `no schema at ${schema}`);
    assert.deepEqual(
      written().groups.map((group) => [group.name, "existing" in group && group.existing, group.licenses]),
      [
        ["all-users", rig.emulator.tenant.group("All users").id, [{ sku: "EMS", disabledPlans: [] }]],
        [
          "finance-department",
          rig.emulator.tenant.group("Finance department").id,
          [{ sku: "ENTERPRISEPACK", disabledPlans: [] }],
        ],
      ],
    );
    assert.equal(rig.emulator.requests.writes().length, 0);
    assert.match(said.join("\n"), /60 users with a licence, 72 direct assignments/);
    assert.match(readFileSync(pageFile(), "utf8"), /^# What is there in Contoso\?/);
    assert.deepEqual(kept(), [], "nothing about people stays behind");
    if (process.platform !== "win32") assert.equal(statSync(pageFile()).mode & 0o777, 0o600);
  });

  it("asks before it overwrites, and does not read before the answer", async () => {
    rig.start(seedTenant({ users: 10 }));
    await run();
    writeFileSync(stackFile(), "config: { licensing:tenant: contoso.com } # mine\n");
    rig.emulator.requests.clear();

    await assert.rejects(run(), /is there already|are there already/);
    const questions: string[] = [];
    await run({}, { ask: (question) => Promise.resolve(questions.push(question) === 0) });
    assert.match(readFileSync(stackFile(), "utf8"), /# mine/);
    assert.match(questions[0] ?? "", /^Overwrite .*Pulumi\.contoso\.yaml and .*contoso\.findings\.md\?$/);
    assert.equal(rig.emulator.requests.count({}), 0);

    await run({}, { ask: () => Promise.resolve(true) });
    assert.equal(written().groups.length, 2);
    writeFileSync(stackFile(), "# mine\n");
    await run({ overwrite: true });
    assert.equal(written().groups.length, 2);
  });

  it("takes tenant and cloud from the stack file that is there", async () => {
    rig.start(seedTenant({ users: 10 }));
    await run();
    const before = readFileSync(stackFile(), "utf8");
    const { tenant: _tenant, cloud: _cloud, ...others } = optionsOf({ overwrite: true });
    await discover(others, surroundings());
    assert.equal(readFileSync(stackFile(), "utf8"), before);
  });

  it("leaves out a user without licence states, names them, and finds the groups of the others; also when it goes on", async () => {
    rig.start(seedTenant({ users: 60 }));
    const lost = rig.emulator.tenant.user("megan@contoso.com").id;
    const strip = (user: Record<string, unknown>) =>
      user["id"] === lost ? { ...user, licenseAssignmentStates: null } : user;
    rig.emulator.faults.add({
      match: { method: "GET", path: /^\/users\?.*licenseAssignmentStates/ },
      then: { rewrite: (body) => ({ ...body, value: (body["value"] as Record<string, unknown>[]).map(strip) }) },
    });
    const stopped = (text: string) => {
      if (text.startsWith("Groups:")) throw new Error("stopped");
    };
    await assert.rejects(run({}, { progress: stopped }), /stopped/);
    await run();
    assert.match(said.join("\n"), /59 users with a licence/);
    assert.match(said.join("\n"), /1 user could not be read, and left out/);
    const [, section = ""] = /## Which users could not be read\?([^#]*)/.exec(readFileSync(pageFile(), "utf8")) ?? [];
    assert.match(section, new RegExp(`- .*${lost} came without licenseAssignmentStates`));
    assert.ok(written().groups.length > 0);
  });

  describe("when it is stopped and run again", () => {
    const stopAfter = (pages: number) => ({
      progress: (text: string) => {
        if (text.startsWith("Users:") && progress.push(text) >= pages) throw new Error("stopped");
      },
    });
    const usersRead = () => rig.emulator.requests.count({ path: /^\/users\?.*licenseAssignmentStates/ });

    beforeEach(() => rig.start(seedTenant({ users: 1200 })));

    it("goes on after the pages that it has", async () => {
      await run();
      const whole = usersRead();
      const file = readFileSync(stackFile(), "utf8");
      rmSync(join(home, "stacks"), { recursive: true });

      rig.emulator.requests.clear();
      await assert.rejects(run({}, stopAfter(2)), /stopped/);
      const [name] = kept();
      if (process.platform !== "win32")
        assert.equal(statSync(join(home, "cache", "discover", name ?? "")).mode & 0o777, 0o600);
      // Killed while a line was being written.
      writeFileSync(join(home, "cache", "discover", name ?? ""), '{"users":[{"id":"half', { flag: "a" });
      await run();
      assert.match(progress.join("\n"), /going on after/);
      assert.ok(whole > 2);
      assert.equal(usersRead(), whole, "no page was read twice");
      assert.equal(readFileSync(stackFile(), "utf8"), file);
      assert.deepEqual(kept(), []);
    });

    it("begins anew when the link to go on from has expired, and counts no user twice", async () => {
      await assert.rejects(run({}, stopAfter(2)), /stopped/);
      rig.emulator.expirePageTokens();
      await run();
      assert.match(said.join("\n"), /1,200 users with a licence, 1,400 direct assignments/);
    });

    it("begins anew when a link expires in the middle of one reading, too", async () => {
      let pages = 0;
      const expire = () => {
        pages += 1;
        if (pages === 2) rig.emulator.expirePageTokens();
      };
      await run({}, { progress: (text) => (text.startsWith("Users:") ? expire() : undefined) });
      assert.ok(pages > 2);
      assert.match(said.join("\n"), /1,200 users with a licence, 1,400 direct assignments/);
    });

    it("does not go on from what is old, of another tenant, or not wanted", async () => {
      const anew: readonly [Partial<DiscoverOptions>, Partial<Surroundings>][] = [
        [{}, { now: () => Date.UTC(2026, 10, 23) }],
        [{ fresh: true }, {}],
      ];
      for (const [options, around] of anew) {
        await assert.rejects(run({ overwrite: true }, stopAfter(progress.length + 2)), /stopped/);
        await run({ overwrite: true, ...options }, around);
        assert.doesNotMatch(progress.join("\n"), /going on after/);
      }
    });
  });

  it("goes on when a group is deleted between two reads, and without users that are gone", async () => {
    rig.start(seedTenant({ users: 60 }));
    const finance = rig.emulator.tenant.group("Finance department").id;
    rig.emulator.faults.add({
      match: { path: new RegExp(`/groups/${finance}/members/.*top=999`) },
      times: 1,
      then: () => {
        rig.emulator.tenant.removeGroup(finance);
      },
    });
    await run();
    const { config } = parse(readFileSync(stackFile(), "utf8")) as { config: Record<string, Record<string, object>> };
    assert.deepEqual(Object.keys(config["licensing:groups"] ?? {}), ["all-users", "enterprisepack"]);
  });

  it("leaves no user of a messy tenant with less or with more: twenty patterns, groups that fit, nearly fit and give already", async () => {
    const plans = ENTERPRISEPACK.servicePlans.slice(0, 5).map((plan) => plan.servicePlanName);
    const patternOf = (at: number) => plans.filter((_, bit) => ((at % 19) >> bit) & 1);
    const name = (at: number) => `u${at}@contoso.com`;
    const users = Array.from({ length: 240 }, (_, at) => ({
      userPrincipalName: name(at),
      department: at % 19 === 3 ? "Lab" : "Else",
      licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: patternOf(at) }, ...(at < 100 ? [{ sku: "EMS" }] : [])],
    }));
    const those = (takes: (at: number) => boolean) =>
      users
        .map((_, at) => at)
        .filter(takes)
        .map(name);
    rig.start({
      displayName: "Messy",
      skus: [EMS, ENTERPRISEPACK].map((each) => ({ ...each, seats: 400 })),
      users: [...users, { userPrincipalName: "new@contoso.com", department: "Else" }],
      groups: [
        { displayName: "Fits", members: those((at) => at % 19 === 5) },
        { displayName: "Nearly", members: [...those((at) => at % 19 === 7).slice(1), "new@contoso.com"] },
        { displayName: "Gives", members: those((at) => at < 60), licenses: [{ sku: "EMS" }] },
      ],
    });
    rig.emulator.clock.advance(24 * 60 * 60_000);
    await run();

    assert.ok(
      written().groups.some((group) => "create" in group),
      "it validates, with groups to make in it",
    );
    const { config } = parse(readFileSync(stackFile(), "utf8")) as { config: Record<string, object> };
    const groups = Object.values(config["licensing:groups"] ?? {}) as {
      existing?: string;
      create?: { members: unknown };
      licenses: (string | { sku: string; disabledPlans: string[] })[];
    }[];
    assert.deepEqual(
      [groups.filter(({ existing }) => existing).length, groups.filter(({ create }) => create).length],
      [2, 19],
    );
    const tenant = rig.emulator.tenant;
    const given = (at: number) =>
      groups.flatMap(({ existing, create, licenses }) =>
        licenses
          .map((each) => (typeof each === "string" ? { sku: each, disabledPlans: [] } : each))
          .filter(({ sku, disabledPlans }) => {
            const id = tenant.user(name(at)).id;
            if (existing !== undefined) return tenant.group(existing).userMembers.has(id);
            if (create?.members !== "direct-holders") return users[at]?.department === "Lab";
            return users[at]?.licenses.some((own) => own.sku === sku && same(own, disabledPlans)) ?? false;
          }),
      );
    const same = (own: object, off: readonly string[]) =>
      [...("disabledPlans" in own ? (own.disabledPlans as string[]) : [])].sort().join() === [...off].sort().join();
    users.forEach(({ licenses }, at) => {
      for (const { sku, disabledPlans } of given(at)) {
        assert.ok(
          licenses.some((own) => own.sku === sku && same(own, disabledPlans)),
          `${name(at)} would get more`,
        );
      }
      for (const own of licenses) {
        assert.ok(
          given(at).some(({ sku, disabledPlans }) => own.sku === sku && same(own, disabledPlans)),
          name(at),
        );
      }
    });
    assert.match(
      readFileSync(stackFile(), "utf8").replace(/\n\s*# ?/g, " "),
      /Nearly \([^)]*\) covers 12 of 13, and 1 user that does not have it today/,
    );
  });

  describe("of a company that grew", () => {
    const text = () => readFileSync(stackFile(), "utf8").replace(/\n\s*# ?/g, " ");
    const page = () => readFileSync(pageFile(), "utf8");
    const section = (title: string) =>
      page()
        .split("\n## ")
        .find((each) => each.startsWith(title)) ?? "";

    it("proposes what a consultant would sign, and says what it leaves alone", async () => {
      rig.start(grownTenant());
      await run();
      assert.deepEqual(
        written()
          .groups.map(({ name }) => name)
          .sort(),
        [
          "design-team",
          "e3-audio-conferencing-teams-phone",
          "e3-ems-e3",
          "power-bi-pro",
          "standardpack",
          "standardpack-without-exchange-s-standard",
        ],
      );
      assert.match(text(), /LIC E3 \+ Audio Conferencing \+ Teams Phone/);
      assert.match(text(), /Left alone, because users take these for themselves or try them: FLOW_FREE \(472 users\)/);
      assert.match(text(), /Left alone, because the subscription has ended: ATP_ENTERPRISE \(10 users\)/);
      assert.match(
        text(),
        /CHOICE: some of them gain an app that is off in their own licence: SWAY \(13 users\), YAMMER_ENTERPRISE and SWAY/,
      );
      assert.match(
        text(),
        /Or an existing group: Telephony .* covers 26 of 28, and 5 users that do not have it today, which takes 5 more seats of MCOMEETADV \(590 are left\)/,
      );
      assert.match(said.join("\n"), /permissions: Group\.ReadWrite\.All, GroupMember\.ReadWrite\.All/);
      assert.match(said.join("\n"), /plugin azuread.*ARM_CLIENT_ID/);
    });

    it("has a section of findings for each kind of people, and names a SKU in grace first", async () => {
      rig.start(grownTenant());
      await run();
      assert.match(
        page(),
        /Which subscriptions are ending\?[^]*POWER_BI_PRO[^]*ATP_ENTERPRISE[^]*Which groups are proposed\?/,
      );
      assert.match(section("Which guests have licences?"), /\| EMS .* \| 10 \|/);
      assert.match(section("Which shared mailboxes have licences?"), /\| EXCHANGESTANDARD .* \| 10 \|/);
      assert.match(section("Which disabled accounts have licences?"), /\| ENTERPRISEPACK .* \| 10 \|/);
      assert.match(section("Which users have no usage location?"), /\| ENTERPRISEPACK .* \| \d+ \|/);
      assert.match(
        section("Which users are licensed twice?"),
        /POWER_BI_STANDARD.*POWER_BI_PRO, with all its plans or better ones/,
      );
    });

    it("takes self-service SKUs, and each variant apart, where that is asked for", async () => {
      rig.start(grownTenant());
      await run({ selfService: true, everyVariant: true });
      const names = written().groups.map(({ name }) => name);
      assert.ok(names.includes("flow-free"), names.join());
      assert.ok(names.includes("enterprisepack-without-sway"), names.join());
      assert.doesNotMatch(text(), /some of them gain/);
    });
  });

  it("writes only findings where no user holds a licence directly", async () => {
    rig.start({ displayName: "Empty", skus: [{ ...EMS, seats: 5 }], users: [{ userPrincipalName: "nobody" }] });
    await run();
    assert.equal(existsSync(stackFile()), false);
    assert.match(said.join("\n"), /nothing to migrate/);
    assert.match(readFileSync(pageFile(), "utf8"), /\| EMS .* \| 5 \| 0 \| 5 \|/);
  });

  it("finds nothing to do in a tenant that has bought nothing", async () => {
    rig.start({ displayName: "Bare", skus: [], users: [{ userPrincipalName: "nobody@contoso.com" }] });
    await run();
    assert.equal(existsSync(stackFile()), false);
    assert.match(said.join("\n"), /^0 users with a licence, 0 direct assignments\.$/m);
    assert.match(readFileSync(pageFile(), "utf8"), /^# What is there in /);
  });

  it("puts 600 SKUs, which all have the same people, into groups of five", async () => {
    const skus = Array.from({ length: 600 }, (_, at) => ({
      skuId: guidFrom(`sku ${at}`),
      skuPartNumber: `PRODUCT_${at}`,
      servicePlans: [{ servicePlanId: guidFrom(`plan ${at}`), servicePlanName: `PLAN_${at}` }],
      seats: 10,
    }));
    const users = ["ada", "ben"].map((name) => ({
      userPrincipalName: `${name}@contoso.com`,
      licenses: skus.map(({ skuId }) => ({ sku: skuId })),
    }));
    rig.start({ displayName: "Many SKUs", skus, users });
    await run();
    const { groups } = written();
    assert.equal(groups.length, 120);
    assert.equal(new Set(groups.flatMap(({ licenses }) => licenses.map(({ sku }) => sku))).size, 600);
    assert.equal(new Set(groups.map(({ name }) => name)).size, 120);
    assert.match(said.join("\n"), /2 users with a licence, 1,200 direct assignments/);
  });

  it("names what is wrong with a stack, a tenant or prices, and writes nothing", async () => {
    rig.start(seedTenant({ users: 5 }));
    await assert.rejects(run({ stack: "../contoso" }), /is no name of a stack/);
    await assert.rejects(run({ tenant: "not a tenant" }), /licensing:tenant must be a tenant id/);
    await assert.rejects(run({ tenant: "11111111-1111-4111-8111-111111111111" }), /not for the tenant of this stack/);
    const prices = join(home, "prices.yaml");
    writeFileSync(prices, "EMSS: 3\n");
    await assert.rejects(run({ prices }), /no SKU "EMSS"\. Did you mean "EMS/);
    assert.equal(existsSync(stackFile()) || existsSync(pageFile()), false);
  });

  it("proposes for odd people and odd groups what it does for others", async () => {
    const names = ['O\'Brien "Bob"', "Zoë Müller-Łukasz", "👩‍🚀", "\u202eright to left"];
    const odd: TenantSpec = {
      displayName: "Odd # tenant: \u202e",
      skus: [
        { ...EMS, seats: 20 },
        { ...ENTERPRISEPACK, seats: 20 },
      ],
      users: names.map((displayName, at) => ({
        userPrincipalName: at === 0 ? "nodomain" : `odd${at}@contoso.com`,
        displayName,
        department: displayName,
        licenses: [{ sku: "EMS" }],
      })),
      groups: [
        {
          displayName: "Ops\n'quoted' \"twice\" 👩‍🚀",
          members: ["nodomain", "odd1@contoso.com", "odd2@contoso.com", "odd3@contoso.com"],
        },
      ],
    };
    rig.start(odd);
    await run({ names: true });
    assert.deepEqual(
      written().groups.map(({ name }) => name),
      ["ops-quoted-twice"],
    );
  });
});
