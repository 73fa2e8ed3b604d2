import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TenantSpec, UserSpec } from "../../emulator";
import { VISIOCLIENT } from "../../emulator/tenants/products";
import { mayMakeGroups } from "../providers/tenants";
import { groupMakers } from "./azuread/plugins";
import { journeyOf } from "./journey";

const upn = (number: number) => `user${number}@contoso.com`;

/** 24 people; 22 of them hold Visio directly. */
function tenant(): TenantSpec {
  const users = Array.from({ length: 24 }, (_, number): UserSpec => ({
    userPrincipalName: upn(number),
    licenses: number < 22 ? [{ sku: "VISIOCLIENT" }] : [],
  }));
  return {
    skus: [{ ...VISIOCLIENT, seats: 24 }],
    users: [...users, { userPrincipalName: "it@contoso.com" }],
    groups: [{ displayName: "All users" }],
  };
}

/** So old the group is not found again: long after it was made, so that no slow machine gets there by itself. */
const AGAIN_MS = 1_000_000;

const created = { displayName: "LIC Visio", owners: ["it@contoso.com"], members: "direct-holders" };
const visio = { create: created, licenses: ["VISIOCLIENT"] };
const groups = (create: object) => ({ "licensing:groups": { visio: { ...visio, create } } });
const waves = (rollback: boolean) => ({
  "licensing:waves": [
    { name: "canary", count: 5, rollback },
    { name: "everyone", percent: 100, rollback },
  ],
});

for (const maker of groupMakers()) {
  describe(`journey: a group that is made here, of all direct holders of Visio, with ${maker.name}`, function () {
    this.timeout(120_000);

    const journey = journeyOf(
      () => ({
        tenant: { ...tenant(), ...mayMakeGroups },
        processing: { joinMs: 100, leaveMs: 100 },
        hiddenNewGroups: [
          [0, 1_000],
          [AGAIN_MS, AGAIN_MS + 3_000],
        ],
      }),
      { ...groups(created), ...waves(false), "licensing:applyThrough": "everyone" },
      maker.start,
    );
    const direct = () => journey.emulator.tenant.directAssignmentCount("VISIOCLIENT");
    const group = () => journey.emulator.tenant.group("LIC Visio");

    it("a preview refuses a name that a group has already, and users that do not exist", async () => {
      const said = await journey.previewRefused(
        groups({
          displayName: "all users",
          owners: ["nobody@contoso.com"],
          members: { users: ["no-one@contoso.com"] },
        }),
      );
      assert.match(
        said.text,
        /licensing:groups\.visio\.create the tenant has a group "all users" already \([0-9a-f-]{36}\)/,
      );
      assert.match(said.text, /create\.owners\[0\] the tenant has no user "nobody@contoso\.com"/);
      assert.match(said.text, /create\.members\.users\[0\] the tenant has no user "no-one@contoso\.com"/);
    });

    it("a name against the team's rule is refused before the group is made, with a preview and without", async () => {
      const file = join(journey.stack.folder, "guardrails.json");
      writeFileSync(
        file,
        JSON.stringify({ all: "disabled", "group-names": { pattern: "^SG ", enforcementLevel: "mandatory" } }),
      );
      const words = ["--policy-pack", "policy", "--policy-pack-config", file];
      const said = await journey.previewRefused({}, { words });
      assert.match(said.text, /\[mandatory\] +group-names/);
      assert.match(
        said.text,
        /licensing:groups\.visio makes the group "LIC Visio", and a licensing group is called like \^SG/,
      );
      assert.doesNotMatch(said.text, /can't run policy/);
      const writes = await journey.writesDuring(async () => {
        const { code } = await journey.stack.run(["up", "--yes", "--skip-preview", ...words]);
        assert.notEqual(code, 0);
      });
      assert.equal(writes, 0);
      assert.equal(journey.emulator.tenant.groups().length, 1);
    });

    it("the first preview foresees the whole way, though there is no group yet", async () => {
      const said = await journey.preview();
      assert.deepEqual(said.under("visio"), ["assign VISIOCLIENT to 22 members, 22 of them new"]);
      assert.deepEqual(said.under("canary"), ["(predicted) remove 5 direct assignments from 5 users: 5 VISIOCLIENT"]);
      assert.deepEqual(said.under("everyone"), [
        "(predicted) remove 17 direct assignments from 17 users: 17 VISIOCLIENT",
      ]);
    });

    it("the first up makes the group, waits until Graph finds it, fills it, licenses it and moves all users, in this order", async () => {
      const { clock, faults } = journey.emulator;
      faults.add({
        match: { method: "PATCH", inBatch: true },
        times: 1,
        then: () => {
          clock.advance(group().createdMs + AGAIN_MS - clock.now().getTime());
        },
      });
      const said = await journey.up();
      assert.match(said.row("visio").join("\n"), /waiting for a group that Entra does not show yet until/);
      assert.equal(direct(), 0);
      assert.equal(group().userMembers.size, 22);
      assert.deepEqual([...group().owners], [journey.emulator.tenant.user("it@contoso.com").id]);
      const writes = journey.emulator.requests
        .writes()
        .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, "ID")}`);
      const steps = writes.filter((write, index) => write !== writes[index - 1] && !write.includes("$batch"));
      assert.deepEqual(steps, [
        "POST /groups",
        "PATCH /groups/ID",
        "POST /groups/ID/assignLicense",
        "POST /users/ID/assignLicense",
      ]);
      assert.equal((await journey.outputs()).groups["visio"]?.id, group().id);
    });

    it("then no user holds it directly, and a second up does nothing", async () => {
      assert.equal(await journey.writesDuring(() => journey.up({ words: ["--expect-no-changes"] })), 0);
      assert.equal(group().userMembers.size, 22);
    });

    it("a user that is given it directly later joins with the next up, and is moved", async () => {
      journey.emulator.tenant.as("onboarding-script").assignDirect(upn(23), "VISIOCLIENT");
      const said = await journey.nightlyCheckFails();
      assert.deepEqual(said.under("visio"), ["gives VISIOCLIENT to 23 members, 1 of them new"]);
      await journey.up();
      assert.equal(direct(), 0);
      assert.equal(group().userMembers.size, 23);
      await journey.nightlyCheck();
    });

    it("to make it dynamic, to take its create away, and to destroy it are refused", async () => {
      const dynamic = { ...created, members: { rule: 'user.department -eq "Design"' } };
      assert.match(
        (await journey.previewRefused(groups(dynamic))).text,
        /is static, and this would make it dynamic: Entra empties/,
      );
      const existing = { visio: { existing: "LIC Visio", licenses: ["VISIOCLIENT"] } };
      const said = await journey.previewRefused({ "licensing:groups": existing });
      assert.match(
        said.text,
        /visio\.existing this stack made the group \([0-9a-f-]{36}\): without create its row would go/,
      );
      const run = await journey.stack.run(["destroy", "--yes", "--skip-preview"]);
      assert.notEqual(run.code, 0);
      assert.match(`${run.stdout}${run.stderr}`, /cannot be deleted/);
      const { deployment } = JSON.parse(
        (await journey.stack.run(["stack", "export", "--stack", journey.stack.name])).stdout,
      ) as {
        deployment: { resources: readonly { type: string; protect?: boolean }[] };
      };
      const row = deployment.resources.find(({ type }) => type === "azuread:index/group:Group");
      assert.equal(row?.protect, true, "the group's own row, too");
      assert.equal(group().userMembers.size, 23);
    });

    it("no user was ever without a service", () => {
      assert.deepEqual(journey.emulator.history.losses(), []);
    });

    it("after a rollback the stack can be destroyed, and the group with it", async () => {
      journey.edit(waves(true));
      await journey.up();
      assert.equal(direct(), 23);
      await journey.up();
      const run = await journey.stack.run(["destroy", "--yes", "--skip-preview"]);
      assert.equal(run.code, 0, `${run.stdout}${run.stderr}`);
      assert.equal(
        journey.emulator.tenant.groups().some(({ displayName }) => displayName === "LIC Visio"),
        false,
      );
      assert.deepEqual(journey.emulator.history.losses(), []);
    });
  });
}
