import assert from "node:assert/strict";
import type { TenantSpec, UserSpec } from "../../emulator";
import { VISIOCLIENT } from "../../emulator/tenants/products";
import { mayMakeGroups } from "../providers/tenants";
import { groupMakers } from "./azuread/plugins";
import { journeyOf } from "./journey";

const RULE = 'user.department -eq "Design" -or user.department -in ["Facades", "Interiors"]';
const departments = ["Design", "Facades", "interiors", "Sales"];

/** 24 people with Visio; a quarter of them is in a department that the rule does not take. */
function tenant(): TenantSpec {
  return {
    skus: [{ ...VISIOCLIENT, seats: 24 }],
    users: Array.from({ length: 24 }, (_, number): UserSpec => ({
      userPrincipalName: `user${number}@contoso.com`,
      department: departments[number % departments.length] ?? null,
      licenses: [{ sku: "VISIOCLIENT" }],
    })),
  };
}

const groups = (rule: string) => ({
  "licensing:groups": {
    design: {
      create: { displayName: "LIC Design", description: "Visio for those who draw", members: { rule } },
      licenses: ["VISIOCLIENT"],
    },
  },
});

for (const maker of groupMakers()) {
  describe(`journey: a dynamic group that is made here, with ${maker.name}`, function () {
    this.timeout(120_000);

    const journey = journeyOf(
      () => ({ tenant: { ...tenant(), ...mayMakeGroups }, processing: { ruleMs: 3_000, joinMs: 100, leaveMs: 100 } }),
      {
        ...groups(RULE),
        "licensing:waves": [
          { name: "canary", count: 5 },
          { name: "everyone", percent: 100 },
        ],
        "licensing:applyThrough": "everyone",
      },
      maker.start,
    );
    const direct = () => journey.emulator.tenant.directAssignmentCount("VISIOCLIENT");
    const waits =
      /not now: the users that the rule of LIC Design takes are known when Entra has evaluated it; run pulumi up again then$/;

    it("the first preview says that the users of the rule are not known yet, and holds the waves", async () => {
      const said = await journey.preview();
      assert.deepEqual(said.under("design"), ["assign VISIOCLIENT to its future members"]);
      assert.match(said.under("canary")[0] ?? "", waits);
      assert.match(said.under("everyone")[0] ?? "", waits);
    });

    it("the first up waits for the rule before the licence, and moves no user", async () => {
      await journey.up();
      const group = journey.emulator.tenant.group("LIC Design");
      assert.equal(group.description, "Visio for those who draw");
      assert.equal(group.userMembers.size, 18);
      assert.equal(group.processingState, "ProcessingComplete");
      assert.equal(direct(), 24);
      const { gate } = await journey.state();
      assert.equal(gate.verified["design"]?.verified, 18);
      const licensed = journey.emulator.requests.all({ method: "POST", path: /assignLicense/ });
      assert.equal(licensed.length, 1, "the group's alone");
    });

    it("the second up goes on with a canary of five users of the rule", async () => {
      await journey.up();
      assert.equal(direct(), 6, "Sales keeps what it holds");
      const { slices } = await journey.state();
      assert.deepEqual(slices["canary-1"]?.lastRemoved, { VISIOCLIENT: 5 });
      await journey.nightlyCheck();
    });

    it("another rule is refused while people depend on the group", async () => {
      const said = await journey.previewRefused(groups('user.department -eq "Sales"'));
      assert.match(
        said.text,
        /groups\.design has another rule than the last run gave it .+18 members depend on LIC Design/s,
      );
    });

    it("and so it is in an up without a preview, of everything and of the group alone, before the group is touched", async () => {
      const rule = groups('user.department -eq "Sales"');
      const targets = ["--target", "**azuread:index/group:Group::design"];
      for (const words of [[], targets]) {
        const said = await journey.upRefused(rule, { words });
        assert.match(said.text, /18 members depend on LIC Design/);
      }
      assert.equal(journey.emulator.tenant.group("LIC Design").membershipRule, RULE);
    });

    it("no user was ever without a service", () => {
      assert.deepEqual(journey.emulator.history.losses(), []);
    });

    it("a group that people deleted is not made again without its licence when the state has let go of it", async () => {
      journey.emulator.tenant.setGroupLicenses("LIC Design", []);
      journey.emulator.tenant.removeGroup("LIC Design");
      const refreshed = await journey.stack.run(["refresh", "--yes", "--skip-preview"]);
      assert.equal(refreshed.code, 0, refreshed.stdout);
      const said = await journey.up();
      assert.match(said.text, /The group LIC Design \(.+\), which this stack made, was deleted on/);
      assert.deepEqual(
        journey.emulator.tenant.groups().filter(({ displayName }) => displayName === "LIC Design"),
        [],
      );
    });
  });
}
