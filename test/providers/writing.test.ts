import assert from "node:assert/strict";
import { evaluatedRule } from "../../dynamic-providers/evaluated-rule";
import { groupLicenseLifecycle } from "../../dynamic-providers/group-license";
import { groupMembers } from "../../dynamic-providers/group-members";
import { restoreAll } from "../../dynamic-providers/removal/restore";
import { graphsOf } from "../../dynamic-providers/writing/waits";
import type { FaultEffect, FaultMatch } from "../../emulator";
import { packIds } from "../../licensing/record/compact-ids";
import { NO_NAMES } from "../../licensing/catalog/recorded-names";
import { rigOf } from "./rig";
import { ems, idOf, mayMakeGroups, tenant, upn } from "./tenants";

const WHY = "the Pulumi engine is gone: run pulumi up again";
const STEP_MS = 5_000;
const NINE_MINUTES: FaultEffect = { status: 429, retryAfter: 540 };
const GROUP_LICENSE: FaultMatch = { method: "POST", path: /^\/groups\/[^/]+\/assignLicense/ };
const crowdOf = (size: number) => Array.from({ length: size }, (_, number) => `user${number}`);

describe("the one way to write, wait, try again and stop", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const slept = () => rig.host.sleeps.reduce((sum, ms) => sum + ms, 0);
  const group = (name: string) => rig.emulator.tenant.group(name);
  const isThrottled = (text: string) => /^throttled until \d\d:\d\d:\d\d UTC \(429\b/.test(text);

  function addTo(names: readonly string[]) {
    const { id: groupId, displayName } = group("LIC Visio");
    const inputs = { name: "visio", groupId, displayName, add: names.length, __urn: "visio" };
    const __lists = { add: packIds(names.map(idOf)) };
    return groupMembers.converge({ ...inputs, connection: rig.connection, __lists }, null, rig.host);
  }

  function giveLicense() {
    const { id: groupId, displayName } = group("All users");
    const inputs = {
      changes: [],
      refusal: "",
      acceptLoss: [],
      successors: [],
      others: {},
      addedPlans: [],
      __later: [],
      __left: [],
      __successors: [],
      __plans: {},
      __names: NO_NAMES,
      __urn: "all",
    };
    const licenses = [{ skuId: ems, disabledPlans: [] }];
    const declared = { name: "all-users", groupId, displayName, licenses };
    const lifecycle = groupLicenseLifecycle();
    return lifecycle.converge({ ...inputs, connection: rig.connection, group: declared }, null, rig.host);
  }

  function waitForRule() {
    const { id: groupId, displayName } = group("LIC Visio");
    const timeouts = { processingMs: 3_600_000, inheritanceMs: 0, settleMs: 0, putBackMs: 900_000 };
    const inputs = {
      name: "visio",
      groupId,
      displayName,
      rule: "user.accountEnabled -eq true",
      timeouts,
      __urn: "rule",
    };
    return evaluatedRule.converge({ ...inputs, connection: rig.connection }, null, rig.host);
  }

  describe("a rollback of 600 users", () => {
    const names = crowdOf(600);

    const troubles: [what: string, match: FaultMatch, then: FaultEffect][] = [
      ["2 % of the answers lost", { path: /assignLicense/ }, "lost"],
      ["one conflict in 50", { path: /assignLicense/ }, { status: 409 }],
      ["2 % answered with 504, and not done", { path: /assignLicense/ }, { status: 504 }],
    ];
    for (const [what, match, then] of troubles) {
      it(`with ${what} is done in one run`, async () => {
        rig.start(tenant({ names, direct: [] }));
        rig.emulator.faults.add({ match, probability: 0.02, then });
        const restores = names.map((name) => ({ userId: idOf(name), license: { skuId: ems, disabledPlans: [] } }));
        const row = { host: rig.host, urn: "everyone-1" };
        const result = await restoreAll(restores, graphsOf(rig.connection, row).graph, row, 900_000);
        assert.deepEqual([result.halt, result.refused], [null, {}]);
        assert.equal(result.restored.length, 600, "what was done behind a lost answer is put back by this run, too");
        assert.equal(new Set(rig.emulator.tenant.directAssignments().map(({ userId }) => userId)).size, 602 - 2);
        assert.deepEqual(rig.emulator.requests.early(), []);
        assert.ok(rig.host.sleeps.length > 0, "there was trouble");
        assert.ok(rig.host.statuses.some((text) => /^waiting .* until \d\d:\d\d:\d\d UTC/.test(text)));
      });
    }
  });

  it("a locked user does not hold up a rollback: the others are put back, and the user is named by its cause", async () => {
    const names = crowdOf(60);
    rig.start(tenant({ names, direct: [] }));
    rig.emulator.faults.add({ match: { path: /assignLicense/, userId: idOf("user3") }, then: { status: 409 } });
    const restores = names.map((name) => ({ userId: idOf(name), license: { skuId: ems, disabledPlans: [] } }));
    const row = { host: rig.host, urn: "everyone-1" };
    const { halt, restored } = await restoreAll(restores, graphsOf(rig.connection, row).graph, row, 900_000);
    assert.match(halt ?? "", /^1 user without an answer: Another change to the same object was under way \(409\)/);
    assert.equal(restored.length, 59);
    assert.ok(slept() < 5 * 60_000, `waited ${slept()} ms`);
  });

  const waits: [what: string, match: FaultMatch, run: () => Promise<{ readonly unfinished: readonly string[] }>][] = [
    ["members are added", { method: "PATCH", path: /^\/groups\// }, () => addTo(crowdOf(30))],
    ["a group's licence is written", GROUP_LICENSE, giveLicense],
    ["a rule is evaluated", { method: "GET", path: /^\/groups\/[^/]+\?.*membershipRule,/ }, waitForRule],
  ];
  for (const [what, match, run] of waits) {
    it(`a stop ends the wait for Graph while ${what}, which its row shows`, async () => {
      rig.start(
        tenant({
          names: crowdOf(30),
          allUsers: [],
          more: mayMakeGroups,
          moreGroups: [{ displayName: "LIC Visio", members: [upn("user0")] }],
        }),
      );
      const rule = rig.emulator.faults.add({ match, then: NINE_MINUTES });
      rig.host.stop = () => (rig.host.statuses.some(isThrottled) ? WHY : null);
      const unfinished = await run().then(
        (ended) => ended.unfinished,
        (error: unknown) => [(error as Error).message],
      );
      assert.equal(unfinished.length, 1);
      assert.ok(unfinished[0]?.endsWith(WHY), unfinished[0]);
      assert.ok(slept() <= STEP_MS, `waited ${slept()} ms`);
      assert.ok(rule.hits >= 1 && rule.hits <= 2, "and it is not sent again");
    });
  }

  it("an engine that is gone ends the adding of members after the batch in hand", async () => {
    const names = crowdOf(120);
    rig.start(
      tenant({
        names,
        more: mayMakeGroups,
        moreGroups: [
          {
            displayName: "LIC Visio",
            members: [upn("user0"), upn("user20"), upn("user40"), upn("user60"), upn("user80"), upn("user100")],
          },
        ],
      }),
    );
    // Each write of 20 has a member in it: all are added one by one, in six batches.
    rig.host.stop = () => (group("LIC Visio").userMembers.size > 6 ? WHY : null);
    const { unfinished, outputs } = await addTo(names);
    assert.deepEqual(unfinished, [`Stopped while members were added to LIC Visio: ${WHY}`]);
    assert.ok(group("LIC Visio").userMembers.size <= 6 + 20, String(group("LIC Visio").userMembers.size));
    assert.equal(outputs.joined, 20, "what was done is on record");
  });

  it("a group's licence with a write that is lost, or meets another one, is written by the same run, and is its own", async () => {
    for (const then of ["lost", { status: 409 }, { status: 504 }] as const) {
      rig.start(tenant({ allUsers: [] }));
      rig.emulator.faults.add({ match: GROUP_LICENSE, times: 2, then });
      const { unfinished, outputs } = await giveLicense();
      assert.deepEqual([unfinished, outputs.given], [[], [ems]]);
      assert.equal(group("All users").licenses.length, 1);
    }
  });
});
