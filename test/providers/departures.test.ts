import assert from "node:assert/strict";
import { planText } from "../../cli/render/terminal/plan-text";
import { departureWarning } from "../../licensing/drift/departure-words";
import type { DepartureLimit } from "../../licensing/stack-file/stack-file";
import { count, percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { GROUPS, tenant, upn } from "./tenants";

const DAY = 24 * 3_600_000;
const MANY = Array.from({ length: 40 }, (_, n) => `person${n}`);
const WAVES = [wave("canary", count(20)), wave("everyone", percent(100))];
const accept = (acknowledged: string, share = 0.05): DepartureLimit => ({ share, acknowledged });

describe("moved users that leave their group", function () {
  this.timeout(120_000);
  const rig = rigOf({ startAt: new Date("2026-11-27T09:00:00Z") });
  let stack: SmallStack;

  const file: SmallStackFile = { groups: GROUPS, waves: WAVES, applyThrough: "canary" };

  /** The canary's twenty of forty users are moved. */
  async function moved(words: Parameters<typeof tenant>[0] = {}): Promise<readonly string[]> {
    rig.start(tenant({ names: MANY, ...words }));
    stack = new SmallStack(rig, file);
    assert.deepEqual((await stack.up()).unfinished, []);
    const direct = new Set(rig.emulator.tenant.directAssignments("EMS").map(({ userId }) => userId));
    return MANY.map(upn).filter((name) => !direct.has(rig.emulator.tenant.user(name).id));
  }

  const leave = (names: readonly string[]) => {
    for (const name of names) rig.emulator.tenant.as("helpdesk@contoso.com").leaveGroup(name, "All users");
    rig.emulator.clock.advance(3_600_000);
  };
  const nextWave = () => {
    stack.file = { ...stack.file, applyThrough: "everyone" };
  };
  const left = async () =>
    (await stack.plan()).plan.departedGroups.map(({ group, userIds }) => [group.name, userIds.length]);

  it("up to four are told and stop nothing; five of twenty fail the nightly check and refuse the next wave", async () => {
    const canary = await moved();
    leave(canary.slice(0, 4));
    assert.deepEqual(await left(), [["all-users", 4]]);
    const { document } = await stack.plan();
    const ids = canary.slice(0, 4).map((name) => rig.emulator.tenant.user(name).id);
    assert.deepEqual(document.lacking.flatMap(({ userIds }) => userIds).sort(), ids.sort(), "who lacks a plan now");
    const shown = planText(document, 1_000);
    assert.match(
      shown,
      /3 users on record left their group and lack AAD_PREMIUM, .* now, or were deleted: .*, .*, [^,]*\. Put them back/,
    );
    assert.match(shown, /Needs attention: 4 users left their group and lack plans/);
    assert.deepEqual(await stack.preview(), []);
    leave(canary.slice(4, 5));
    assert.deepEqual(await stack.preview(), ["baseline"]);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(await stack.preview(), ["baseline"], "every night, until a person has decided");

    const waiting = (await stack.plan()).plan;
    assert.equal(departureWarning(waiting), waiting.departureRefusal);
    nextWave();
    assert.equal(departureWarning((await stack.plan()).plan), null, "the wave says it, once");
    const before = rig.emulator.requests.writes().length;
    await assert.rejects(
      stack.up(),
      /^Error: 5 of 20 moved users of All users \(licensing:groups\.all-users\) are no longer in it.*first seen on 2026-11-27\. Its members were changed\. The audit log has: Remove member from group by helpdesk@contoso\.com 5 times, last on 2026-11-27 10:00 UTC\. .*acknowledged: 2026-11-27\}/,
    );
    assert.equal(rig.emulator.requests.writes().length, before);
  });

  it("an acknowledgement accepts those that were seen up to that day, and later ones count anew", async () => {
    const canary = await moved();
    leave(canary.slice(0, 6));
    await stack.up();
    rig.emulator.clock.advance(2 * DAY);
    assert.deepEqual((await stack.up()).ran, ["baseline"], "a later run, which changes no day");
    stack.file = { ...stack.file, departures: accept("2026-11-26") };
    assert.deepEqual(await left(), [["all-users", 6]], "a day too early");
    stack.file = { ...stack.file, departures: accept("2026-11-27") };
    assert.deepEqual(await left(), []);
    assert.deepEqual((await stack.plan()).document.lacking, [], "what was accepted is not told again");
    assert.deepEqual(await stack.preview(), []);

    leave(canary.slice(6, 12));
    assert.deepEqual(await left(), [["all-users", 6]], "the new ones alone");
    assert.deepEqual(await stack.preview(), ["baseline"]);
    const today = rig.emulator.clock.now().toISOString().slice(0, 10);
    stack.file = { ...stack.file, departures: accept(today) };
    assert.deepEqual(await stack.preview(), ["baseline"], "so that they are known tomorrow");
    nextWave();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(rig.emulator.tenant.directAssignments("EMS"), []);
    rig.emulator.clock.advance(3 * DAY);
    assert.deepEqual(await left(), []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("reports a new departure when a user rejoins and leaves again after the acknowledgement", async () => {
    const canary = await moved();
    leave(canary.slice(0, 6));
    await stack.up();
    const today = rig.emulator.clock.now().toISOString().slice(0, 10);
    for (const name of canary.slice(0, 6)) rig.emulator.tenant.joinGroup(name, "All users");
    rig.emulator.clock.advance(2 * DAY);
    stack.file = { ...stack.file, departures: accept(today) };
    assert.deepEqual((await stack.up()).ran, ["baseline"]);
    assert.deepEqual(await stack.preview(), []);
    leave(canary.slice(0, 6));
    assert.deepEqual(await left(), [["all-users", 6]]);
  });

  it("a rule that was edited is named with what it was", async () => {
    const rule = 'user.department -eq "Sales"';
    rig.start(
      tenant({
        names: MANY,
        moreGroups: [
          { displayName: "Dynamic", members: MANY.map(upn), membershipRule: rule, licenses: [{ sku: "EMS" }] },
        ],
      }),
    );
    const groups = [{ name: "dynamic", existing: "Dynamic", licenses: [{ sku: "EMS", disabledPlans: [] }] }];
    stack = new SmallStack(rig, { ...file, groups });
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.tenant.as("admin@contoso.com").setRule("Dynamic", 'user.department -eq "Nobody"');
    rig.emulator.clock.advance(24 * 3_600_000);
    assert.deepEqual(await stack.preview(), ["baseline"]);
    await stack.up();
    const { departureRefusal } = (await stack.plan()).plan;
    assert.match(
      departureRefusal ?? "",
      /^20 of 20 moved users of Dynamic .* it was 'user\.department -eq "Sales"' and is 'user\.department -eq "Nobody"'\. The audit log has: .*Update group by admin@contoso\.com on /,
    );
  });

  it("users that an edited rule no longer takes are blocked, and no remedy says to add them by hand", async () => {
    rig.start(
      tenant({
        names: MANY,
        allUsers: [],
        moreGroups: [
          {
            displayName: "Dynamic",
            members: MANY.slice(1).map(upn),
            membershipRule: 'user.department -eq "Sales"',
            licenses: [{ sku: "EMS" }],
          },
        ],
      }),
    );
    const groups = [{ name: "dynamic", existing: "Dynamic", licenses: [{ sku: "EMS", disabledPlans: [] }] }];
    stack = new SmallStack(rig, { groups, waves: [wave("everyone", percent(100))], applyThrough: "everyone" });
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.match(
      rig.host.said.join("\n"),
      /1 user blocked, EMS: not a member of Dynamic\. No user can be added to a dynamic/,
    );
  });

  it("an emptied group is named as empty, and a limit of the stack file is heeded", async () => {
    const canary = await moved();
    leave(MANY.map(upn));
    const { departureRefusal } = (await stack.plan()).plan;
    assert.match(departureRefusal ?? "", /^20 of 20 moved users of All users .* The group has no members any more\./);
    assert.equal(canary.length, 20);
    stack.file = { ...stack.file, departures: { share: 1, acknowledged: null } };
    assert.equal((await stack.plan()).plan.departureRefusal, null);
  });

  it("a wave that is put back is not held up by it", async () => {
    const canary = await moved();
    leave(canary.slice(0, 10));
    const [first, second] = WAVES;
    assert.ok(first !== undefined && second !== undefined);
    stack.file = { ...stack.file, waves: [{ ...first, rollback: true }, second], applyThrough: "everyone" };
    assert.deepEqual((await stack.up()).unfinished, []);
    const direct = new Set(rig.emulator.tenant.directAssignments("EMS").map(({ userId }) => userId));
    assert.ok(canary.slice(10).every((name) => direct.has(rig.emulator.tenant.user(name).id)));
  });
});
