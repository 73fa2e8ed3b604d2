import assert from "node:assert/strict";
import fc from "fast-check";
import { Catalog } from "../../../licensing/catalog/catalog";
import { effectivePlans } from "../../../licensing/effective-plans";
import type { Assignment, LicensedUser, Sku } from "../../../licensing/model";
import { planMigration } from "../../../licensing/plan/plan-migration";
import {
  declared,
  direct,
  E3,
  EMS,
  groupId,
  inherited,
  license,
  settled,
  snapshot,
  user,
  VISIO,
  WITHOUT_WAVES,
} from "../builders";

const SKUS = ["EMS", "ENTERPRISEPACK", "VISIOCLIENT"];
const BOTH = declared("Staff", "EMS", "VISIOCLIENT");

const causes = fc.constantFrom("CountViolation", "MutuallyExclusiveViolation", "DependencyViolation", "Other");

/** Any mixture of sources and errors for one SKU. */
const entries = fc
  .array(
    fc.record({
      sku: fc.constantFrom(...SKUS),
      from: fc.constantFrom("", "Staff", "Others"),
      error: fc.option(causes),
    }),
    { maxLength: 4 },
  )
  .map((all): Assignment[] =>
    all.map(({ sku, from, error }) => {
      if (from === "") return direct(sku);
      // What Staff neither gives nor declares would be a loss by the change itself, which has a refusal of its own.
      if (sku === "ENTERPRISEPACK") return inherited(sku, "Others");
      return error === null ? inherited(sku, from) : inherited(sku, from, { state: "Error", error });
    }),
  );

const tenants = fc.record({
  holdings: fc.array(entries, { minLength: 1, maxLength: 6 }),
  seats: fc.integer({ min: 0, max: 6 }),
  status: fc.constantFrom("Enabled", "Enabled", "Warning", "Suspended"),
  given: fc.subarray(["EMS", "VISIOCLIENT"]),
});

describe("pre-flight: an error", () => {
  it("is only what could take a plan from a user, or can't be carried out; all else lets the others go on", () => {
    let errors = 0;
    fc.assert(
      fc.property(tenants, ({ holdings, seats, status, given }) => {
        const users = holdings.map((assignments, index) => user(`user ${index}`, assignments));
        const visio: Sku = {
          ...VISIO,
          capabilityStatus: status,
          prepaidUnits: { ...VISIO.prepaidUnits, enabled: seats },
        };
        const catalog = new Catalog([EMS, E3, visio]);
        const made = planMigration({
          snapshot: snapshot({
            declared: [BOTH],
            groups: [settled(BOTH, { licenses: given.map((each) => license(each)) })],
            users,
            members: { Staff: users.map((each) => each.displayName ?? "") },
            catalog,
          }),
          ...WITHOUT_WAVES,
          after: new Map([[BOTH.groupId, BOTH.licenses]]),
          country: "CH",
          nowMs: 0,
        });
        const byId = new Map(users.map((each) => [each.id, each]));
        for (const finding of made.findings.filter(({ severity }) => severity === "error")) {
          errors += 1;
          if (finding.code === "subscription-ended") {
            assert(status === "Suspended" && !given.includes("VISIOCLIENT"));
            continue;
          }
          assert.notEqual(given.length, BOTH.licenses.length, "a group that gives all has no change that could fail");
          for (const userId of finding.userIds)
            assert(dependsOnStaff(byId.get(userId), catalog), JSON.stringify(finding));
        }
        // Nothing that is no error is in anybody's way.
        const isRefused = made.groups.some(({ refusal }) => refusal !== null);
        assert.equal(
          isRefused,
          made.findings.some(({ severity }) => severity === "error"),
        );
        const order = made.findings.map(({ severity }) => ["error", "warning", "note"].indexOf(severity));
        assert.deepEqual(order, [...order].sort());
      }),
      { numRuns: 400, seed: 5 },
    );
    assert(errors > 20, `the tenants of this property had ${errors} errors: it shows nothing`);
  });
});

/** Without what Staff gives they would lack a plan that they can use. */
function dependsOnStaff(of: LicensedUser | undefined, catalog: Catalog): boolean {
  if (of === undefined) return false;
  const others = of.assignments.filter(({ assignedByGroup }) => assignedByGroup !== groupId("Staff"));
  return effectivePlans(of, catalog).size > effectivePlans({ ...of, assignments: others }, catalog).size;
}
