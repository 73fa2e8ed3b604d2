import assert from "node:assert/strict";
import { join } from "node:path";
import type { EmulatorOptions } from "../../emulator";
import { azureadPlugin } from "./azuread/plugin";
import { discovered } from "./discovered";
import { journeyOf } from "./journey";
import { messyTenant } from "./messy-tenant";
import { rehearsed } from "./rehearsed";

/** Without the soaks that discover proposes: a day of a journey has no night. */
const WAVES = [
  { name: "canary", count: 20 },
  { name: "tenth", percent: 10 },
  { name: "everyone", percent: 100 },
];

interface AsItIs {
  readonly name: string;
  readonly emulator: () => EmulatorOptions;
  /** Groups that discover proposes to make, and to take. */
  readonly made: number;
  readonly existing: number;
  /** Direct assignments. */
  readonly held: number;
  /** A whole rehearsal, which takes as long as the journey itself; `false`: only the copy. */
  readonly rehearses: boolean;
  /** For discover. */
  readonly words: readonly string[];
}

const messy = (users: number): AsItIs => ({
  name: `${users.toLocaleString("en-US")} users with twenty patterns`,
  emulator: () => ({ tenant: messyTenant(users) }),
  existing: 2,
  made: 19,
  held: (users / 5_000) * 9_060,
  rehearses: false,
  // The licences of all users at the end are compared with those at the start.
  words: ["--every-variant"],
});

/** A larger one takes too long for every day: AS_IT_IS_USERS=100000 npm test -- test/journeys/as-it-is.slow.test.ts */
const larger = Number(process.env["AS_IT_IS_USERS"] ?? 0);

const tenants: readonly AsItIs[] = [
  {
    name: "the seed's 1,000 users",
    emulator: () => ({}),
    existing: 2,
    made: 0,
    held: 1_200,
    rehearses: true,
    words: [],
  },
  messy(5_000),
  ...(larger > 5_000 ? [messy(larger)] : []),
];

for (const { name, emulator, made, existing, held, rehearses, words } of tenants) {
  describe(`journey: from a tenant as it is to one that is migrated, ${name}`, function () {
    this.timeout(larger > 0 ? 7_200_000 : 400_000);

    const processing = { queueMs: 10, usersPerSecond: 100_000, joinMs: 10, leaveMs: 10, ruleMs: 50 };
    const journey = journeyOf(
      () => ({ ...emulator(), processing }),
      {},
      async (each) => {
        const plugin = await azureadPlugin(each);
        const first = join(__dirname, "..", "..", "dev", "bench", "engine", "without-quota.cjs");
        return {
          ...plugin,
          environment: { ...plugin.environment, NODE_OPTIONS: `--require ${JSON.stringify(first)}` },
        };
      },
    );
    const plansOfAll = () => {
      const { tenant } = journey.emulator;
      return new Map(tenant.users().map(({ id }) => [id, [...tenant.effectivePlans(id)].sort().join()]));
    };
    const directly = () =>
      journey.emulator.tenant
        .users()
        .flatMap(({ holdings }) => holdings.assignments)
        .filter(({ assignedByGroup }) => assignedByGroup === null).length;
    let plansAtFirst: ReadonlyMap<string, string>;
    /** As discover wrote it, soaks and all: a rehearsal has nights. */
    let proposed: Readonly<Record<string, unknown>>;

    it("discover reads it and writes a stack file", async () => {
      plansAtFirst = plansOfAll();
      assert.equal(directly(), held);
      const config = await discovered(journey, ...words);
      assert.equal(journey.emulator.requests.writes().length, 0);
      const groups = Object.values(config["licensing:groups"] as Record<string, object>);
      assert.deepEqual(
        [groups.filter((group) => "existing" in group).length, groups.filter((group) => "create" in group).length],
        [existing, made],
      );
      proposed = config;
      journey.edit({ ...config, "licensing:waves": WAVES });
    });

    it("it previews, and nothing is refused", async () => {
      const said = await journey.preview();
      assert.doesNotMatch(said.text, /error:/);
    });

    const foretold = rehearses ? "says that all of it will go" : "can copy the tenant";
    it(`a rehearsal by that stack file ${foretold}, and only reads`, async () => {
      const rehearsal = await rehearsed(journey, proposed, rehearses ? "--no-rollback" : "--no-run");
      assert.equal(journey.emulator.requests.writes().length, 0);
      if (!rehearses) return;
      const { verdict, direct, waves, stays, lost } = rehearsal ?? {};
      assert.deepEqual([verdict?.word, direct, stays, lost], ["safe", held, [], []]);
      const removed = waves?.flatMap((wave) => Object.values(wave.removed)).reduce((sum, each) => sum + each, 0);
      assert.equal(removed, held);
    });

    it("up gives the groups their members and licences, and takes nothing away", async () => {
      await journey.up();
      assert.equal(directly(), held);
    });

    it("up goes through all waves: no user has anything directly that a group can give", async () => {
      journey.edit({ "licensing:applyThrough": "everyone" });
      await journey.up();
      assert.equal(directly(), 0);
    });

    it("no user lost anything at any moment, and every user has exactly what they had", () => {
      assert.deepEqual(journey.emulator.history.losses(), []);
      assert.deepEqual(plansOfAll(), plansAtFirst);
    });

    it("the nightly check finds nothing to do", () => journey.nightlyCheck());
  });
}
