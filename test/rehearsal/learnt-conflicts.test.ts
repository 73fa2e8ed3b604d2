import assert from "node:assert/strict";
import { readCopy } from "../../rehearsal/copy/read-copy";
import { tenantOf } from "../../rehearsal/embedded/tenant-of";
import { rigOf } from "../providers/rig";
import { SmallStack } from "../providers/small-stack";
import { GROUPS, idOf, tenant, upn } from "../providers/tenants";

/** Eve is in error by a rule that only Entra knows: MCOEV, which she also holds, and EMS exclude each other here. */
const UNKNOWN_RULE = tenant({
  direct: [],
  allUsers: [],
  finance: [],
  names: ["ada", "ben", "eve", "fay"],
  more: { exclusive: [["MCOEV", "INTUNE_A"]] },
  moreGroups: [{ displayName: "Pilots", members: [upn("eve")], licenses: [{ sku: "EMS" }] }],
});

const config = {
  "licensing:tenant": "contoso.com",
  "licensing:groups": {
    "all-users": { existing: "All users", licenses: ["EMS"] },
    pilots: { existing: "Pilots", licenses: ["EMS"] },
  },
  "licensing:waves": [],
};

describe("a conflict that the tenant shows by an error", function () {
  this.timeout(120_000);
  const rig = rigOf();

  /** Users that the embedded Graph refuses EMS from All users. */
  const failing = () => {
    rig.emulator.tenant.setGroupLicenses("All users", [{ sku: "EMS" }]);
    rig.emulator.clock.advance(600_000);
    const { id } = rig.emulator.tenant.group("All users");
    return rig.emulator.tenant
      .users()
      .filter(({ holdings }) =>
        holdings.assignments.some((each) => each.assignedByGroup === id && each.state === "Error"),
      )
      .map((user) => user.id)
      .sort();
  };

  it("is foreseen by the preview, happens in the rehearsal, and happens in the tenant: to the same users", async () => {
    const people = { ...UNKNOWN_RULE, users: (UNKNOWN_RULE.users ?? []).map((user) => withPhone(user)) };
    rig.start(people);
    const [all] = GROUPS;
    assert.ok(all !== undefined);
    const pilots = { name: "pilots", existing: "Pilots", licenses: all.licenses };
    const { plan } = await new SmallStack(rig, { groups: [all, pilots] }).plan();
    const foreseen = plan.findings.find(
      ({ code, about }) => code === "exclusive-plans" && about.startsWith("all-users"),
    );
    assert.deepEqual(foreseen?.userIds, [idOf("ben"), idOf("eve")].sort());

    const options = { stack: "contoso", config, names: false, now: new Date(0), say: () => undefined };
    const copied = await readCopy(rig.graph(), options);
    assert.deepEqual(failing(), foreseen.userIds, "in the tenant");
    rig.start(tenantOf(copied));
    assert.deepEqual(failing(), foreseen.userIds, "in the rehearsal");
  });

  type User = NonNullable<typeof UNKNOWN_RULE.users>[number];
  function withPhone(user: User): User {
    const has = ["ben", "eve"].some((name) => user.userPrincipalName === upn(name));
    return has ? { ...user, licenses: [{ sku: "MCOEV" }] } : user;
  }

  it("agrees with rehearsal and tenant that a group gets no add-on without what it needs", async () => {
    const needs = { dependencies: [{ plan: "MCOEV", needsOneOf: ["MCOSTANDARD"] }] };
    const alone = { direct: [{ sku: "ENTERPRISEPACK" }], allUsers: [], finance: [], more: needs };
    const phones = [{ name: "all-users", existing: "All users", licenses: [{ sku: "MCOEV", disabledPlans: [] }] }];
    const refused = () => {
      assert.throws(() => {
        rig.emulator.tenant.setGroupLicenses("All users", [{ sku: "MCOEV" }]);
      }, /depends on the service plan/);
    };
    rig.start(tenant(alone));
    const stack = new SmallStack(rig, { groups: phones });
    await assert.rejects(stack.up(), /Nothing was changed\. Entra refuses MCOEV on All users: .*Add ENTERPRISEPACK to/);
    assert.equal(rig.emulator.requests.writes().length, 0);
    refused();
    const groups = { "all-users": { existing: "All users", licenses: ["MCOEV"] } };
    const options = { stack: "contoso", config: { ...config, "licensing:groups": groups }, names: false };
    rig.start(tenantOf(await readCopy(rig.graph(), { ...options, now: new Date(0), say: () => undefined })));
    refused();
  });
});
