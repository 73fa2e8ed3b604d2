import assert from "node:assert/strict";
import { VISIOCLIENT } from "../../emulator/tenants/products";
import { mayMakeGroups } from "../providers/tenants";
import { groupMakers } from "./azuread/plugins";
import { journeyOf } from "./journey";

const PEOPLE = Array.from({ length: 8 }, (_, number) => `user${number}@contoso.com`);
const [FIRST = "", ...OTHERS] = PEOPLE;
const OWNERS = ["it@contoso.com", "leaver@contoso.com"];

for (const maker of groupMakers()) {
  describe(`journey: people leave a group that is made here, and it is deleted, with ${maker.name}`, function () {
    this.timeout(180_000);

    const waves = (more: object = {}) => ({ "licensing:waves": [{ name: "everyone", percent: 100, ...more }] });
    const visio = { displayName: "LIC Visio", owners: OWNERS, members: { users: PEOPLE } };
    const groups = { visio: { create: visio, licenses: ["VISIOCLIENT"] } };
    const journey = journeyOf(
      () => ({
        tenant: {
          skus: [{ ...VISIOCLIENT, seats: 24 }],
          users: [
            ...PEOPLE.map((userPrincipalName) => ({ userPrincipalName, licenses: [{ sku: "VISIOCLIENT" }] })),
            ...OWNERS.map((userPrincipalName) => ({ userPrincipalName })),
          ],
          ...mayMakeGroups,
        },
        processing: { joinMs: 0, leaveMs: 0 },
      }),
      { "licensing:groups": groups, ...waves(), "licensing:applyThrough": "everyone" },
      maker.start,
    );
    const direct = () => journey.emulator.tenant.directAssignmentCount("VISIOCLIENT");
    const madeGroups = async () => {
      const run = await journey.stack.run(["stack", "export", "--stack", journey.stack.name]);
      return run.stdout.split('"type": "azuread:index/group:Group"').length - 1;
    };

    it("an owner and a member leave the company: the nightly check is green, with notes for both possibilities", async () => {
      await journey.up();
      assert.equal(direct(), 0);
      await journey.nightlyCheck();
      const { tenant, clock } = journey.emulator;
      for (const name of ["leaver@contoso.com", FIRST]) tenant.removeUser(name);
      clock.advance(60_000);
      const { text } = await journey.nightlyCheck();
      for (const [place, name] of [
        ["owners[1]", "leaver@contoso.com"],
        ["members.users[0]", FIRST],
      ] as const) {
        const note = `licensing:groups.visio.create.${place}: the tenant has no user "${name}": the user was deleted, or the name is misspelt.`;
        assert.ok(text.includes(note), text);
      }
    });

    it("the group is deleted: the nightly check says when, of how many users, and until when it can be restored", async () => {
      const people = journey.emulator.tenant.as("admin@contoso.com");
      people.setGroupLicenses("LIC Visio", []);
      journey.emulator.clock.advance(60_000);
      people.removeGroup("LIC Visio");
      journey.emulator.clock.advance(60_000);
      const { text } = await journey.nightlyCheckFails();
      assert.match(
        text,
        /8 of 8 moved users of LIC Visio .*The group was deleted on \d{4}-\d\d-\d\d and can be restored until \d{4}-\d\d-\d\d/,
      );
      assert.match(text, /The group LIC Visio \([0-9a-f-]{36}\), which this stack made, was deleted on/);
    });

    it("an up leaves the row alone and makes no group in its place; after an acknowledgement the nightly check is green", async () => {
      const today = journey.emulator.clock.now().toISOString().slice(0, 10);
      journey.edit({ "licensing:departures": { acknowledged: today } });
      const said = await journey.up();
      assert.match(said.text, /not now: the group LIC Visio was deleted, see its row/);
      assert.equal(await madeGroups(), 1);
      await journey.nightlyCheck();
      // What the file says of the group now is not written to it.
      journey.edit({
        "licensing:groups": { visio: { ...groups.visio, create: { ...visio, displayName: "LIC Drawing" } } },
      });
      await journey.nightlyCheck();
      journey.edit({ "licensing:groups": groups });
    });

    it("after a refresh has taken its row out of the state it is still known, and not made again", async () => {
      const refreshed = await journey.stack.run(["refresh", "--yes", "--skip-preview"]);
      assert.equal(refreshed.code, 0, `${refreshed.stdout}${refreshed.stderr}`);
      assert.equal(await madeGroups(), 0);
      await journey.preview();
      await journey.up();
      assert.equal(await madeGroups(), 0);
      assert.deepEqual(journey.emulator.tenant.groups(), []);
    });

    it("a rollback of all gives all users on record the licence back, without the group", async () => {
      journey.edit(waves({ rollback: "all" }));
      await journey.preview();
      await journey.up();
      assert.equal(direct(), OTHERS.length);
    });

    it("then the group is taken out of the file, and another one under its own name takes its place", async () => {
      const again = { drawing: { create: { ...visio, displayName: "LIC Drawing" }, licenses: ["VISIOCLIENT"] } };
      const edited = (owners: readonly string[], users: readonly string[]) => ({
        drawing: { ...again.drawing, create: { ...again.drawing.create, owners, members: { users } } },
      });
      journey.edit({ "licensing:groups": edited(OWNERS.slice(0, 1), OTHERS), ...waves() });
      await journey.up();
      assert.equal(direct(), 0);
      await journey.nightlyCheck();
    });
  });
}
