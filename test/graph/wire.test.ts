import assert from "node:assert/strict";

import { GraphError } from "../../graph/client/failure";
import { readGroupEvidence } from "../../graph/reads/group-evidence";
import { readLicenseChange } from "../../graph/reads/license-changes";
import { readGroup, readSku, readUser } from "../../graph/reads/wire";

const USER = "11111111-AAAA-4000-8000-00000000000A";
const SKU = "EFCCB6F7-5641-4E0E-BD10-B4976E1BF68E";
const PLAN = "113FEB6C-3FE4-4440-BDDC-54D774BF0318";
const GROUP = "22222222-BBBB-4000-8000-00000000000B";
const NAME = "megan@contoso.com";

const assignmentFrom = (state: object) =>
  readUser({
    id: USER,
    userPrincipalName: NAME,
    licenseAssignmentStates: [{ skuId: SKU, disabledPlans: [], ...state }],
  }).assignments[0];

describe("a user from Graph", () => {
  it("with everything, annotations and news; ids become lower case", () => {
    assert.deepEqual(
      readUser({
        "@odata.context": "…",
        "@odata.type": "#microsoft.graph.user",
        id: USER,
        displayName: "Megan",
        userPrincipalName: "megan@contoso.com",
        accountEnabled: true,
        usageLocation: "CH",
        somethingNew: {},
        assignedLicenses: [{ skuId: SKU, disabledPlans: [PLAN] }],
        licenseAssignmentStates: [
          {
            skuId: SKU,
            assignedByGroup: GROUP,
            disabledPlans: [PLAN],
            state: "Active",
            error: "None",
            lastUpdatedDateTime: "2026-01-01T00:00:00Z",
          },
        ],
      }),
      {
        id: USER.toLowerCase(),
        displayName: "Megan",
        userPrincipalName: "megan@contoso.com",
        accountEnabled: true,
        usageLocation: "CH",
        assignedLicenses: [{ skuId: SKU.toLowerCase(), disabledPlans: [PLAN.toLowerCase()] }],
        assignments: [
          {
            skuId: SKU.toLowerCase(),
            assignedByGroup: GROUP.toLowerCase(),
            disabledPlans: [PLAN.toLowerCase()],
            state: "Active",
            error: null,
            changedAtMs: Date.parse("2026-01-01T00:00:00Z"),
          },
        ],
      },
    );
  });

  it("with as little as Graph may send", () => {
    const wire = { id: USER, userPrincipalName: NAME, licenseAssignmentStates: [{ skuId: SKU, disabledPlans: [] }] };
    assert.deepEqual(readUser(wire), {
      id: USER.toLowerCase(),
      displayName: null,
      userPrincipalName: NAME,
      accountEnabled: null,
      usageLocation: null,
      assignedLicenses: [],
      assignments: [
        { skuId: SKU.toLowerCase(), assignedByGroup: null, disabledPlans: [], state: "Unknown", error: null },
      ],
    });
  });

  const times: [wire: unknown, changedAtMs: number | undefined][] = [
    ["2026-11-20T12:00:00Z", Date.parse("2026-11-20T12:00:00Z")],
    ["2026-11-20T12:00:00.1234567Z", Date.parse("2026-11-20T12:00:00.123Z")],
    ["yesterday", undefined],
    [null, undefined],
    ["", undefined],
  ];
  for (const [lastUpdatedDateTime, changedAtMs] of times) {
    it(`lastUpdatedDateTime ${JSON.stringify(lastUpdatedDateTime)} is ${changedAtMs ?? "not known"}`, () => {
      assert.equal(assignmentFrom({ lastUpdatedDateTime })?.changedAtMs, changedAtMs);
    });
  }

  for (const error of [null, "", "None", "none", undefined]) {
    it(`error ${JSON.stringify(error)} is no error`, () => {
      assert.equal(assignmentFrom({ state: "Active", error })?.error, null);
    });
  }

  for (const error of ["CountViolation", "Other", "SomethingNew"]) {
    it(`error ${error} is kept`, () => {
      assert.equal(assignmentFrom({ state: "Error", error })?.error, error);
    });
  }

  for (const licenseAssignmentStates of [undefined, null, "none"]) {
    it(`licence states ${String(licenseAssignmentStates)}: unknown is never "no licences"`, () => {
      assert.throws(
        () => readUser({ id: USER, userPrincipalName: "megan@contoso.com", licenseAssignmentStates }),
        (error) => error instanceof GraphError && error.failure.kind === "unexpected",
      );
    });
  }

  for (const [what, states] of [
    ["nothing more", {}],
    ["empty lists", { assignedLicenses: [], licenseAssignmentStates: [] }],
  ] as const) {
    it(`an id and ${what} is a missing permission, and no user without licences`, () => {
      const withheld = { "@odata.type": "#microsoft.graph.user", id: USER, displayName: null, userPrincipalName: null };
      assert.throws(
        () => readUser({ ...withheld, ...states }),
        (error) =>
          error instanceof GraphError &&
          error.failure.kind === "forbidden" &&
          error.failure.permissions.includes("User.Read.All"),
      );
    });
  }

  for (const disabledPlans of [undefined, null, "none"]) {
    it(`disabledPlans ${String(disabledPlans)}: unknown is never "all plans are on"`, () => {
      assert.throws(
        () => assignmentFrom({ assignedByGroup: GROUP, state: "Active", disabledPlans }),
        /without disabledPlans/,
      );
    });
  }

  for (const wire of [null, [], "user", {}, { id: 7 }, { id: USER, licenseAssignmentStates: [{}] }]) {
    it(`${JSON.stringify(wire)} is refused`, () => assert.throws(() => readUser(wire), GraphError));
  }
});

describe("a group from Graph", () => {
  it("that never had a licence", () => {
    assert.deepEqual(
      readGroup({
        id: GROUP,
        displayName: "All",
        securityEnabled: true,
        assignedLicenses: [],
        licenseProcessingState: null,
      }),
      {
        id: GROUP.toLowerCase(),
        displayName: "All",
        securityEnabled: true,
        mailEnabled: false,
        membershipRule: null,
        onPremisesSyncEnabled: false,
        licenses: [],
        processingState: null,
      },
    );
  });

  it("in processing, dynamic and synced", () => {
    const group = readGroup({
      id: GROUP,
      membershipRule: 'user.department -eq "Design"',
      onPremisesSyncEnabled: true,
      assignedLicenses: [{ skuId: SKU, disabledPlans: [] }],
      licenseProcessingState: { state: "ProcessingInProgress" },
    });
    assert.equal(group.processingState, "ProcessingInProgress");
    assert.equal(group.membershipRule, 'user.department -eq "Design"');
    assert.equal(group.onPremisesSyncEnabled, true);
    assert.deepEqual(group.licenses, [{ skuId: SKU.toLowerCase(), disabledPlans: [] }]);
  });

  // The reference of the group has the state as a text, Graph's metadata as an object.
  for (const [licenseProcessingState, state] of [
    [{ state: "ProcessingComplete" }, "ProcessingComplete"],
    ["ProcessingComplete", "ProcessingComplete"],
    [{ state: null }, null],
    ["", null],
    [false, null],
  ] as const) {
    it(`processing ${JSON.stringify(licenseProcessingState)} is ${String(state)}`, () => {
      assert.equal(readGroup({ id: GROUP, assignedLicenses: [], licenseProcessingState }).processingState, state);
    });
  }

  for (const [visibility, isHidden] of [
    ["HiddenMembership", true],
    ["Hiddenmembership", true],
    ["Private", undefined],
    [null, undefined],
  ] as const) {
    it(`visibility ${String(visibility)} hides its members: ${String(isHidden ?? false)}`, () => {
      assert.equal(readGroup({ id: GROUP, assignedLicenses: [], visibility }).hasHiddenMembership, isHidden);
    });
  }

  for (const assignedLicenses of [undefined, null]) {
    it(`licences ${String(assignedLicenses)}: unknown is never "no licences"`, () => {
      assert.throws(() => readGroup({ id: GROUP, displayName: "All", assignedLicenses }), /without assignedLicenses/);
    });
  }
});

describe("a SKU from Graph", () => {
  it("is known by its skuId, and missing figures are zero", () => {
    assert.deepEqual(
      readSku({
        id: `tenant_${SKU}`,
        skuId: SKU,
        skuPartNumber: "EMS",
        appliesTo: "User",
        capabilityStatus: "Enabled",
        prepaidUnits: { enabled: 25, warning: null },
        servicePlans: [
          { servicePlanId: PLAN, servicePlanName: "EXCHANGE_S_FOUNDATION", appliesTo: "Company" },
          { servicePlanId: GROUP, servicePlanName: "INTUNE_A" },
        ],
      }),
      {
        id: SKU.toLowerCase(),
        partNumber: "EMS",
        appliesTo: "User",
        capabilityStatus: "Enabled",
        consumedUnits: 0,
        prepaidUnits: { enabled: 25, warning: 0, suspended: 0, lockedOut: 0 },
        servicePlans: [
          { id: PLAN.toLowerCase(), name: "EXCHANGE_S_FOUNDATION", appliesTo: "Company" },
          { id: GROUP.toLowerCase(), name: "INTUNE_A", appliesTo: "User" },
        ],
      },
    );
  });
});

for (const servicePlans of [undefined, null]) {
  it(`a SKU from Graph with plans ${String(servicePlans)} is refused`, () => {
    assert.throws(() => readSku({ skuId: SKU, servicePlans }), /without servicePlans/);
  });
}

describe("a record of the audit log", () => {
  const record = (activityDisplayName: string, newValue: string | null): object => ({
    activityDisplayName,
    activityDateTime: "2026-03-01T12:00:00Z",
    targetResources: [{ id: GROUP, modifiedProperties: [{ displayName: "Result", newValue }] }],
  });

  it("counts what was assigned and what failed, in either spelling", () => {
    const evidence = readGroupEvidence(
      record(
        "Finish applying group based license to users",
        '"Users successfully assigned licenses: 998, Users for whom license assignment failed: 2."',
      ),
      GROUP.toLowerCase(),
    );
    assert.deepEqual(evidence, {
      activity: "Finish applying group based license to users",
      at: "2026-03-01T12:00:00Z",
      assigned: 998,
      failed: 2,
    });
  });

  it("without figures has none", () => {
    const evidence = readGroupEvidence(record("Set group license", null), GROUP.toLowerCase());
    assert.deepEqual([evidence?.assigned, evidence?.failed], [null, null]);
  });

  it("about another group or another matter is left out", () => {
    assert.equal(readGroupEvidence(record("Set group license", null), USER.toLowerCase()), null);
    assert.equal(readGroupEvidence(record("Update group", null), GROUP.toLowerCase()), null);
    assert.equal(readGroupEvidence(null, GROUP.toLowerCase()), null);
  });
});

describe("a record of the audit log about a user's licences", () => {
  const AT = "2026-11-20T12:00:00.1234567Z";
  const app = { appId: "a1", displayName: "svc-licensing", servicePrincipalId: "s1", servicePrincipalName: null };
  const person = { id: "p1", displayName: null, userPrincipalName: "admin@contoso.com", ipAddress: "" };
  const target = { id: USER, type: "User", userPrincipalName: "ada@contoso.com", modifiedProperties: [] };
  const record = (changes: object = {}): object => ({
    activityDisplayName: "Change user license",
    activityDateTime: AT,
    result: "success",
    initiatedBy: { app, user: null },
    targetResources: [target],
    ...changes,
  });

  const actors: [what: string, initiatedBy: unknown, actor: string | null][] = [
    ["an app", { app, user: null }, "svc-licensing"],
    ["an app in parts", { app: { appId: null, displayName: "", servicePrincipalId: "s1" } }, "s1"],
    ["a person", { app: null, user: person }, "admin@contoso.com"],
    ["a person in parts", { user: { id: "p1", userPrincipalName: "" } }, "p1"],
    ["nobody", { app: null, user: null }, null],
    ["an empty app", { app: {}, user: {} }, null],
    ["nothing at all", undefined, null],
    ["a list", [app], null],
  ];
  for (const [what, initiatedBy, actor] of actors) {
    it(`by ${what}`, () => {
      assert.deepEqual(readLicenseChange(record({ initiatedBy })), [{ userId: USER.toLowerCase(), at: AT, actor }]);
    });
  }

  const none: [what: string, wire: unknown][] = [
    ["a failure", record({ result: "failure" })],
    ["no time", record({ activityDateTime: null })],
    ["a time that is none", record({ activityDateTime: "yesterday" })],
    ["no target", record({ targetResources: null })],
    ["a target without an id", record({ targetResources: [{ ...target, id: null }] })],
    ["a group as the target", record({ targetResources: [{ ...target, type: "Group" }] })],
    ["no object", null],
    ["text", "Change user license"],
    // Entra's own work for a group changes no direct licence, in any of its spellings.
    ...["Microsoft Azure AD Group-Based Licensing", "Azure AD Group Based Licensing", "GroupBasedLicensing"].map(
      (displayName): [string, unknown] => [displayName, record({ initiatedBy: { app: { displayName }, user: null } })],
    ),
  ];
  for (const [what, wire] of none) {
    it(`with ${what} tells of no user`, () => {
      assert.deepEqual(readLicenseChange(wire), []);
    });
  }

  it("about several users tells of each; a result that is not said counts as a success", () => {
    const changes = readLicenseChange(record({ result: undefined, targetResources: [target, { id: GROUP }] }));
    assert.deepEqual(
      changes.map(({ userId }) => userId),
      [USER.toLowerCase(), GROUP.toLowerCase()],
    );
  });
});
