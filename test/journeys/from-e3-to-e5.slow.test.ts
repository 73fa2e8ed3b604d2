import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { directOf } from "./disabled-plans";
import { journeyOf } from "./journey";
import { ONLY_IN_E3, tenantOfE3 } from "./replaced-skus";

const STAFF = 12;
const BLOCKED = 2;
const OFFICE = 5;

describe("journey: from E3 to E5, and to E3 without Teams and Teams", function () {
  this.timeout(120_000);

  const groups = (of: { readonly staff?: readonly string[]; readonly office?: readonly string[] } = {}) => ({
    staff: { existing: "E5 staff", licenses: [{ sku: "SPE_E5", ...(of.staff && { replaces: of.staff }) }] },
    office: {
      existing: "Office",
      licenses: [
        { sku: "Office_365_E3_(no_Teams)", ...(of.office && { replaces: of.office }) },
        "Microsoft_Teams_EEA_New",
      ],
    },
  });
  const waves = (canary: Record<string, unknown> = {}) => [
    { name: "canary", users: ["first1@contoso.com", "staff1@contoso.com", "office1@contoso.com"], ...canary },
    { name: "everyone", percent: 100 },
  ];
  const journey = journeyOf(
    () => ({ tenant: tenantOfE3({ staff: STAFF, blocked: BLOCKED, office: OFFICE }), processing: { joinMs: 100 } }),
    { "licensing:groups": groups(), "licensing:waves": waves() },
  );
  const direct = () => directOf(journey.emulator.tenant);
  const of = (prefix: string) => (line: string) => line.startsWith(prefix);
  let before: readonly string[];

  it("a first preview names what the groups will give already, with the seats and the line to write", async () => {
    before = direct();
    const said = await journey.preview();
    const staff = said.under("staff").join("\n");
    assert.match(
      staff,
      /14 users hold EMS directly, and SPE_E5 gives them all of it: 14 seats\. .*replaces: \[EMS\] on SPE_E5/,
    );
    assert.match(staff, /12 users hold ENTERPRISEPACK directly, and SPE_E5 gives them all of it: 12 seats\./);
    assert.match(
      said.under("office").join("\n"),
      /5 users hold ENTERPRISEPACK directly, and Office_365_E3_\(no_Teams\) and Microsoft_Teams_EEA_New together give them all of it: 5 seats/,
    );
    assert.match(said.under("everyone").join("\n"), /^nothing to remove/);
  });

  it("mistakes in replaces are refused by their path", async () => {
    const said = await journey.previewRefused({
      "licensing:groups": groups({ staff: ["ENTERPRISEPACK", "SPE_E5", "NO_SUCH"] }),
    });
    assert.match(said.text, /licensing:groups\.staff\.licenses\[0\]\.replaces\[1\] SPE_E5 is the licence itself/);
    assert.match(said.text, /licensing:groups\.staff\.licenses\[0\]\.replaces\[2\] the tenant has no SKU "NO_SUCH"/);
  });

  it("with replaces, the groups get their licences, and nothing goes yet", async () => {
    journey.edit({ "licensing:groups": groups({ staff: ["ENTERPRISEPACK", "EMS"], office: ["ENTERPRISEPACK"] }) });
    const said = await journey.preview();
    assert.match(said.under("staff").join("\n"), /assign SPE_E5 to 14 members; SPE_E5 replaces ENTERPRISEPACK and EMS/);
    assert.match(
      said.under("everyone").join("\n"),
      new RegExp(`2 users blocked, ENTERPRISEPACK: would lose ${ONLY_IN_E3}`),
    );
    await journey.up();
    assert.deepEqual(direct(), before);
  });

  it("the canary goes, both SKUs of a user in one write, and a plan that comes on is told", async () => {
    journey.edit({ "licensing:applyThrough": "canary" });
    const said = await journey.preview();
    assert.match(
      said.under("canary").join("\n"),
      /remove 5 direct assignments from 3 users: 3 ENTERPRISEPACK, 2 EMS; 1 user gains TEAMS1/,
    );
    const writes = await journey.writesDuring(() => journey.up());
    assert.equal(writes, 3);
    const gone = ["first1", "staff1@", "office1"];
    assert.deepEqual(
      direct(),
      before.filter((line) => !gone.some((prefix) => line.startsWith(prefix))),
    );
    await journey.nightlyCheck();
  });

  it("is put back with exactly the plans that were off", async () => {
    journey.edit({ "licensing:waves": waves({ rollback: true }) });
    await journey.up();
    assert.deepEqual(direct(), before);
    journey.edit({ "licensing:waves": waves() });
    await journey.up();
  });

  it("everyone goes but for users with a plan that E5 does not have; others keep theirs", async () => {
    journey.edit({ "licensing:applyThrough": "everyone" });
    const said = await journey.up();
    assert.match(said.text, new RegExp(`would lose ${ONLY_IN_E3}`));
    assert.deepEqual(direct(), [
      `blocked1@contoso.com ENTERPRISEPACK `,
      `blocked2@contoso.com ENTERPRISEPACK `,
      ...before.filter(of("elsewhere")),
    ]);
    await journey.nightlyCheck();
  });

  it("a licence that comes back is named and goes again", async () => {
    const { tenant } = journey.emulator;
    tenant.assignDirect("staff2@contoso.com", "ENTERPRISEPACK", [ONLY_IN_E3]);
    const said = await journey.nightlyCheckFails();
    assert.match(said.text, /ENTERPRISEPACK.*came back|came back.*ENTERPRISEPACK/);
    await journey.up();
    assert.deepEqual(direct().filter(of("staff2")), []);
  });

  it("holders of a SKU that is taken out of replaces stay in the plan, and nothing is taken from them", async () => {
    const { removed } = (await journey.outputs()).waves["everyone"] ?? assert.fail();
    assert.equal(removed["ENTERPRISEPACK"], STAFF - 2 + OFFICE - 1);
    journey.edit({ "licensing:groups": groups({ staff: ["EMS"], office: ["ENTERPRISEPACK"] }) });
    const said = await journey.preview();
    assert.doesNotMatch(said.under("everyone").join("\n"), /blocked/);
    journey.edit({ "licensing:groups": groups({ staff: ["EMS"] }) });
    const later = await journey.preview();
    assert.match(
      later.text,
      /2 users on record hold ENTERPRISEPACK directly, and the stack file neither gives nor replaces it any more/,
    );
    await journey.up();
    await journey.nightlyCheck();
  });

  it("no user was ever without a service", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });
});
