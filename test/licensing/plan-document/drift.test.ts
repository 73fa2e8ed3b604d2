import assert from "node:assert/strict";
import { declared, direct, inherited, license, settled, skuId, user, userId } from "../builders";
import { EMPTY_RECORD, type StackRecord } from "../../../licensing/record/record";
import { documentOf } from "../../report/documents";

const AT = "2026-11-20T08:00:00.000Z";
const REMOVED_MS = Date.parse("2026-11-10T08:00:00Z");
const STAFF = declared("Staff", "EMS");

describe("a plan as a document: what other hands changed", () => {
  const record: StackRecord = {
    ...EMPTY_RECORD,
    removals: new Map([[userId("ada"), new Map([[skuId("EMS"), REMOVED_MS]])]]),
  };
  const withVisio = settled(STAFF, { licenses: [license("EMS"), license("VISIOCLIENT")] });
  const document = documentOf(
    {
      declared: [STAFF],
      users: [user("ada", [{ ...direct("EMS"), changedAtMs: Date.parse(AT) }, inherited("EMS", "Staff")])],
      members: { Staff: ["ada"] },
      groups: [withVisio],
    },
    {
      record,
      auditLog: {
        changes: [{ userId: userId("ada"), at: AT, actor: "svc-licensing" }],
        fromMs: 0,
        readAtMs: Date.parse(AT) + 10 * 60_000,
        gap: "cut at 10 pages",
      },
    },
  );

  it("a direct licence that came back, its time and actor, and how far the audit log tells", () => {
    assert.deepEqual(document.drift, {
      returned: [{ userId: userId("ada"), sku: "EMS", at: AT, actor: "svc-licensing or someone since", doubt: "late" }],
      auditGap: "cut at 10 pages",
    });
  });

  it("what a group gives besides", () => {
    assert.deepEqual(document.undeclared, [{ group: "staff", licence: "VISIOCLIENT", members: 1 }]);
  });

  it("a record that may be lost is among the warnings", () => {
    const fresh = documentOf({
      declared: [STAFF],
      users: [user("ada", [inherited("EMS", "Staff")])],
      members: { Staff: ["ada"] },
    });
    assert.match(fresh.warnings.join("\n"), /record/);
  });
});
