import assert from "node:assert/strict";
import type { FaultHandle } from "../../emulator";
import type { EngineWords } from "./engine-words";
import { journeyOf } from "./journey";
import { mixedTenant } from "./mixed-tenant";

const nestedWarning =
  "warning: All users contains the group Interns: its 3 users inherit nothing through it and keep what they have. " +
  "Add them to All users itself to move them. (";

describe("journey: what stands in the way of some users stops no other user", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: mixedTenant(), processing: { joinMs: 100 } }), {
    "licensing:groups": {
      "all-users": { existing: "All users", licenses: ["EMS"] },
      finance: {
        existing: "Finance department",
        licenses: [{ sku: "Office 365 E3", disabledPlans: ["YAMMER_ENTERPRISE"] }, "VISIOCLIENT"],
      },
    },
    "licensing:waves": [
      { name: "canary", users: ["finance1@contoso.com", "staff1@contoso.com", "kim@contoso.com"] },
      { name: "everyone", percent: 100 },
    ],
  });

  let first: EngineWords;
  let refusing: FaultHandle;

  it("a first preview names the nested group, and the users known to be blocked, with the way out", async () => {
    const said = (first = await journey.preview());
    const [gives, nested, ...others] = said.under("all-users");
    assert.equal(gives, "gives EMS to 40 members");
    assert(nested?.startsWith(nestedWarning), nested);
    assert.deepEqual(others, []);
    assert.equal(
      said.under("finance")[0],
      "assign ENTERPRISEPACK without YAMMER_ENTERPRISE, assign VISIOCLIENT to 12 members",
    );
    assert.match(
      said.under("everyone")[0] ?? "",
      /; 5 users blocked \(1 moves in part\); up to 3 more blocked if there is no seat for them; not now/,
    );
    assertBlocked(said.under("everyone"), [
      ["1 user blocked, ENTERPRISEPACK: would lose YAMMER_ENTERPRISE", /Enable these plans in the group's licence/],
      ["3 users blocked, EMS: member of All users only through a nested group", /add them to the licensing group/],
      ["1 user blocked, EMS: not a member of All users", /Add them to the group as first-level members/],
    ]);
  });

  it("and says before anything is written what Finance's licence would meet, the worst first, without names", () => {
    const found = first.under("finance").slice(1);
    const expected = [
      /^warning: Finance department gives all of its licences to a member or none: those of 12 members that get no seat of VISIOCLIENT/,
      /^warning: VISIOCLIENT: 12 members would get it anew, and 9 of 9 seats are left .*: 3 of them would get none/,
      /^warning: Finance department: 1 member uses YAMMER_ENTERPRISE of their direct ENTERPRISEPACK/,
      /^note: Finance department: 1 member would gain EXCHANGE_S_ENTERPRISE by ENTERPRISEPACK/,
      /^note: Finance department: for 1 member a licence may end in error .* because no two users .*: .*VISIOCLIENT in KP\./,
      /^note: Finance department: 1 member would have EXCHANGE_S_ENTERPRISE beside EXCHANGE_S_STANDARD/,
    ];
    assert.equal(found.length, expected.length, found.join("\n"));
    expected.forEach((pattern, index) => assert.match(found[index] ?? "", pattern));
    assert.match(found[1] ?? "", /Buy 3 seats .* \([0-9a-f-]{36}, .* and 7 more\)$/);
    assert.doesNotMatch(first.text, /@contoso\.com/);
  });

  it("an up adopts the licence that All users has, and gives Finance its own, without Yammer", async () => {
    const { requests, tenant } = journey.emulator;
    await journey.up();
    const finance = tenant.groupByName("Finance department");
    assert.deepEqual(
      requests.writes().map(({ path }) => path),
      [`/groups/${finance.id}/assignLicense`],
    );
    const e3 = finance.licenses.find(({ skuId }) => skuId === tenant.sku("ENTERPRISEPACK").skuId);
    assert.deepEqual(e3?.disabledPlans, [tenant.plan("YAMMER_ENTERPRISE")]);
  });

  it("outputs count the members in error by what is wrong", async () => {
    const { groups } = await journey.outputs();
    assert.equal(groups["all-users"]?.members, 40);
    assert.deepEqual(groups["all-users"].errors, {});
    assert.equal(groups["finance"]?.licenses, "ENTERPRISEPACK without YAMMER_ENTERPRISE, VISIOCLIENT");
    assert.deepEqual(groups["finance"].errors, {
      "ENTERPRISEPACK: MutuallyExclusiveViolation": 1,
      "ENTERPRISEPACK: ProhibitedInUsageLocationViolation": 1,
      "VISIOCLIENT: CountViolation": 1,
      "ENTERPRISEPACK: Other": 1,
      "VISIOCLIENT: Other": 2,
    });
  });

  it("every later preview warns of them too, each cause with its remedy, and is no change", async () => {
    const said = await journey.nightlyCheck();
    assert(said.under("all-users").some((line) => line.startsWith(nestedWarning)));
    const warnings = said.under("finance").filter((line) => line.startsWith("warning: "));
    for (const [cause, remedy] of [
      ["ENTERPRISEPACK: MutuallyExclusiveViolation", "disable one of the two"],
      ["ENTERPRISEPACK: ProhibitedInUsageLocationViolation", "correct usageLocation"],
      ["VISIOCLIENT: CountViolation", "buy seats or free some"],
    ] as const) {
      const warning = warnings.find((line) => line.includes(`1 member is in error (${cause})`));
      assert(warning?.includes(remedy), `${cause}: ${warnings.join("\n")}`);
    }
    assert.equal(warnings.length, 3, "each member once, and nothing of what was only predicted");
    assert.equal(said.under("finance").length, 4);
  });

  it("the waves move all others, and list the blocked users with reasons", async () => {
    const { id } = journey.emulator.tenant.user("staff7@contoso.com");
    const match = { path: /assignLicense/, userId: id };
    refusing = journey.emulator.faults.add({ match, then: { status: 400, message: "Not today." } });
    journey.edit({ "licensing:applyThrough": "everyone", "licensing:showNames": true });
    const said = await journey.up();
    const kim = journey.emulator.tenant.user("kim@contoso.com").id;
    assert.match(said.under("canary-1").join("\n"), new RegExp(`\\(${kim} \\(.*kim@contoso\\.com\\)\\)$`, "m"));
    assertBlocked(said.under("canary-1"), [
      ["1 user blocked, ENTERPRISEPACK: inherited from Finance department in error: Prohibited", /usageLocation/],
    ]);
    assertBlocked(said.under("everyone-1"), [
      ["1 user blocked, ENTERPRISEPACK: would lose YAMMER_ENTERPRISE", /Enable these plans/],
      ["1 user blocked, ENTERPRISEPACK: inherited from Finance department in error: MutuallyEx", /disable one of/],
      ["1 user blocked, ENTERPRISEPACK: inherited from Finance department in error: Other", /mend that one first/],
      ["3 users blocked, EMS: member of All users only through a nested group", /add them to the licensing group/],
      ["1 user blocked, EMS: not a member of All users", /Add them to the group/],
      ["1 user blocked, EMS: Entra refused the removal: Not today.", /tried again when the user's licences have chan/],
    ]);
    assert.deepEqual(directHolders("EMS"), ["intern1", "intern2", "intern3", "otto", "staff7"]);
    assert.deepEqual(directHolders("ENTERPRISEPACK"), ["kim", "maja", "sam", "yara"]);
    assert.deepEqual(directHolders("STANDARDPACK"), ["maja"], "undeclared: it stays");
  });

  it("outputs say what is gone, what stays, and why", async () => {
    const { waves } = await journey.outputs();
    const { doneAt: canaryAt, ...canary } = waves["canary"] ?? assert.fail();
    const { doneAt: everyoneAt, ...everyone } = waves["everyone"] ?? assert.fail();
    assert.deepEqual(canary, {
      removed: { EMS: 3, ENTERPRISEPACK: 1 },
      pending: {},
      blocked: { "inherited from Finance department in error: ProhibitedInUsageLocationViolation": 1 },
    });
    assert.deepEqual(everyone, {
      removed: { EMS: 36, ENTERPRISEPACK: 7 },
      pending: {},
      blocked: {
        "member of All users only through a nested group": 3,
        "not a member of All users": 1,
        "Entra refused the removal: Not today.": 1,
        "would lose YAMMER_ENTERPRISE": 1,
        "inherited from Finance department in error: MutuallyExclusiveViolation": 1,
        "inherited from Finance department in error: Other": 1,
      },
    });
    assert(canaryAt !== null && everyoneAt !== null, "blocked users keep no wave from its end");
    // Each row learns Graph's time from `Date` headers, which are cut to the second.
    assert(Date.parse(canaryAt) < Date.parse(everyoneAt) + 1_000, `${canaryAt} is behind ${everyoneAt}`);
  });

  it("a second up writes nothing, and the nightly check passes", async () => {
    assert.equal(await journey.writesDuring(() => journey.up({ words: ["--expect-no-changes"] })), 0);
    await journey.nightlyCheck();
  });

  it("the next up moves exactly the users that an administrator has fixed", async () => {
    const { tenant } = journey.emulator;
    tenant.setSeats("VISIOCLIENT", 20);
    tenant.setUsageLocation("kim@contoso.com", "US");
    for (const user of ["kim@contoso.com", "sam@contoso.com"]) reprocess(user);
    tenant.joinGroup("intern2@contoso.com", "All users");

    const plan = await journey.preview();
    assert.equal(plan.under("canary")[0], "remove 1 direct assignment from 1 user: 1 ENTERPRISEPACK");
    assert.equal(
      plan.under("everyone")[0],
      "remove 2 direct assignments from 2 users: 1 EMS, 1 ENTERPRISEPACK; 6 users blocked",
    );
    assert.equal(await journey.writesDuring(() => journey.up()), 3);
    assert.deepEqual(directHolders("EMS"), ["intern1", "intern3", "otto", "staff7"]);
    assert.equal(refusing.hits, 1, "what Entra refused once is not asked again");
    assert.deepEqual(directHolders("ENTERPRISEPACK"), ["maja", "yara"]);
    await journey.nightlyCheck();
  });

  it("no user lost anything", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  it("a plan that an administrator takes out of a direct licence is not waited for after the move", async () => {
    const { tenant, history } = journey.emulator;
    tenant.assignDirect("yara@contoso.com", "ENTERPRISEPACK", ["YAMMER_ENTERPRISE"]);
    assert.equal(await journey.writesDuring(() => journey.up()), 1);
    assert.deepEqual(directHolders("ENTERPRISEPACK"), ["maja"]);
    await journey.nightlyCheck();
    assert.deepEqual(history.losses({ except: "people" }), []);
    assert.equal(history.servicesLost(), 1, "Yara's Yammer, by the administrator");
  });

  function directHolders(sku: string): readonly string[] {
    const { tenant } = journey.emulator;
    return tenant
      .directAssignments(sku)
      .map(({ userId }) => tenant.user(userId).userPrincipalName.replace("@contoso.com", ""))
      .sort();
  }

  /** As an administrator does in the portal. */
  function reprocess(user: string): void {
    journey.emulator.tenant.setAssignmentError(user, "ENTERPRISEPACK", "Finance department", null);
  }
});

/** Exactly these reasons, in any order, each with its remedy. */
function assertBlocked(lines: readonly string[], expected: readonly (readonly [what: string, remedy: RegExp])[]): void {
  const blocked = lines.filter((line) => / users? blocked, /.test(line));
  for (const [what, remedy] of expected) {
    const line = blocked.find((each) => each.includes(what));
    assert(line, `${what} is not in:\n${lines.join("\n")}`);
    assert.match(line, remedy);
  }
  assert.equal(blocked.length, expected.length, blocked.join("\n"));
}
