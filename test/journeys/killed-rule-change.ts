import assert from "node:assert/strict";
import type { EmulatorOptions, TenantSpec, UserSpec } from "../../emulator";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { VISIOCLIENT } from "../../emulator/tenants/products";
import { groupMakers } from "./azuread/plugins";
import { journeyOf } from "./journey";
import { Killer } from "./killer";
import { KILLS_OF_RULE_CHANGE, KILLS_PER_ROUND, killsOfRuleChange } from "./kills";

const USERS = 40;
const GROUP = "LIC Design";
const RULE = 'user.department -eq "Design"';
const OTHER_RULE = 'user.department -eq "Sales"';

/**
 * Kills of runs without a preview in which the rule of a group that is made here has changed: the refusal comes before the engine reaches
 * the group, and so whenever the run ends the group is what it was.
 */
export function killedRuleChange(seed: number): void {
  const [maker] = groupMakers();
  assert(maker);
  describe(`journey: a changed rule and --skip-preview, killed ${KILLS_OF_RULE_CHANGE} times (npm run prove:kills -- --times ${KILLS_PER_ROUND} --seed ${seed})`, function () {
    this.timeout(120_000);

    const journey = journeyOf(
      tenant,
      {
        ...groups(RULE),
        "licensing:waves": [{ name: "everyone", percent: 100 }],
        "licensing:applyThrough": "everyone",
      },
      maker.start,
    );
    const killer = new Killer(journey);

    it("all are moved to a dynamic group that is made here", async () => {
      // One run makes the group and waits for its rule.
      await journey.up();
      await journey.up();
      assert.deepEqual(journey.emulator.tenant.directAssignments(), []);
      journey.edit(groups(OTHER_RULE));
    });

    killsOfRuleChange(seed).forEach((each, index) => {
      it(`${each.victim} is killed after ${each.after} requests and ${each.delayMs} ms`, async () => {
        await killer.unlock();
        const writes = await journey.writesDuring(async () => {
          const said = await killer.upKilled({ ...each, match: {} }, `run ${index + 1}`);
          assert.notEqual(said.code, 0, said.text);
        });
        assert.equal(writes, 0);
        assertAsBefore();
      });
    });

    it("the next up refuses the rule and names the group, and the earlier rule is no change", async () => {
      await killer.unlock();
      const said = await journey.upRefused({});
      assert.match(said.text, new RegExp(`${USERS} members depend on ${GROUP}`));
      journey.edit(groups(RULE));
      await journey.nightlyCheck();
    });

    it("every provider has ended, and no user was ever without anything", async () => {
      await killer.untilAllEnded();
      assertAsBefore();
    });

    after(() => killer.end());

    function assertAsBefore(): void {
      const { tenant, history } = journey.emulator;
      assert.equal(tenant.group(GROUP).membershipRule, RULE);
      assert.deepEqual(history.losses(), []);
    }
  });
}

function groups(rule: string) {
  const create = { displayName: GROUP, description: "Visio for those who draw", members: { rule } };
  return { "licensing:groups": { design: { create, licenses: ["VISIOCLIENT"] } } };
}

/** Each run has an app of its own to sign in as. */
function tenant(): EmulatorOptions & { readonly tenant: TenantSpec } {
  return {
    tenant: {
      skus: [{ ...VISIOCLIENT, seats: USERS }],
      users: Array.from({ length: USERS }, (_, at): UserSpec => ({
        userPrincipalName: `user${at}@contoso.com`,
        department: "Design",
        licenses: [{ sku: "VISIOCLIENT" }],
      })),
      apps: Array.from({ length: KILLS_OF_RULE_CHANGE + 1 }, (_, run) => ({
        name: `run ${run}`,
        permissions: [...migrationPermissions, ...madeGroupPermissions],
      })),
    },
    processing: { ruleMs: 3_000, joinMs: 100, leaveMs: 100 },
    latencyMs: 30,
  };
}
