import assert from "node:assert/strict";
import { removalInputs } from "../../../dynamic-providers/removal/removal-inputs";
import { Catalog } from "../../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../../licensing/declaration";
import { licensesAfterRun } from "../../../licensing/record/licenses-after";
import type { PlanInput } from "../../../licensing/plan/plan";
import { planMigration } from "../../../licensing/plan/plan-migration";
import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { judgePlan } from "../../../licensing/plan-document/verdict";
import { EMPTY_RECORD } from "../../../licensing/record/record";
import { documentOf, NOW_MS } from "../../report/documents";
import {
  bare,
  declared,
  direct,
  EMS,
  inherited,
  license,
  percent,
  planId,
  record,
  settled,
  sku,
  skuId,
  snapshot,
  user,
  userId,
  VISIO,
  wave,
  type SnapshotParts,
  groupOnRecord,
} from "../builders";

const HOUR_MS = 3_600_000;
const STAFF = declared("Staff", "EMS");

/** Ada was moved by the canary, Ben waits for everyone. */
const halfWay: SnapshotParts = {
  declared: [STAFF],
  users: [user("ada", [inherited("EMS", "Staff")]), user("ben", [direct("EMS"), inherited("EMS", "Staff")])],
  members: { Staff: ["ada", "ben"] },
};
const movedAda = (doneAtMs: number) =>
  record(
    { canary: { taken: [userId("ada")], doneAtMs } },
    {
      baseline: new Map([
        [userId("ada"), new Map([[skuId("EMS"), license("EMS", { without: ["INTUNE_A"] })]])],
        [userId("ben"), new Map([[skuId("EMS"), license("EMS")]])],
      ]),
    },
  );
const canary = (changes: Parameters<typeof wave>[2] = {}) =>
  wave("canary", { kind: "users", users: ["ada@contoso.com"] }, changes);

const ADA = new Map([["canary", new Set([userId("ada")])]]);

function only<T>(all: readonly T[]): T {
  const [first, ...others] = all;
  assert(first !== undefined && others.length === 0, JSON.stringify(all));
  return first;
}

describe("a wave in the plan", () => {
  const waveOf = (document: PlanDocument, name: string) => document.waves.find((each) => each.name === name);

  it("that is put back: its users, with the plans that were off, and that others wait for it", () => {
    const document = documentOf(halfWay, {
      named: ADA,
      waves: [canary({ rollback: true }), wave("everyone", percent(100))],
      applyThrough: "everyone",
      record: movedAda(NOW_MS - HOUR_MS),
    });
    assert.deepEqual(
      { ...waveOf(document, "canary"), takes: "", startsAt: "" },
      {
        name: "canary",
        takes: "",
        mode: "restore",
        state: "runs",
        hold: null,
        doneAt: "2026-11-22T07:30:00.000Z",
        soakMs: 0,
        startsAt: "",
        maxBlocked: null,
        planned: { EMS: 1 },
        plannedUsers: 1,
        blockedUsers: 0,
        mayLackSeat: 0,
        successions: {},
        swaps: {},
        takesBack: {},
        movedBefore: {},
        moves: [],
        assignments: [{ sku: "EMS", disabledPlans: ["INTUNE_A"], userIds: [userId("ada")] }],
      },
    );
    assert.deepEqual(
      [waveOf(document, "everyone")?.state, waveOf(document, "everyone")?.hold],
      ["waits", "not now: canary is being rolled back"],
    );
    assert.deepEqual(only(document.skus).after, { direct: 0, both: 2, inherited: 0, blocked: 0 });
    assert.equal(
      document.verdict.summary,
      "this run puts back 1 direct assignment to 1 user. No user loses a service. 1 direct assignment waits for its wave.",
    );
  });

  const soaks: readonly [what: string, doneHoursAgo: number, state: string, hold: string | null, startsAt: string][] = [
    [
      "in progress",
      1,
      "waits",
      "not now: soaks until 2026-11-23T07:30:00.000Z after canary",
      "2026-11-23T07:30:00.000Z",
    ],
    ["over", 30, "runs", null, "2026-11-22T08:30:00.000Z"],
  ];
  for (const [what, hours, state, hold, startsAt] of soaks) {
    it(`behind a soak that is ${what}`, () => {
      const document = documentOf(halfWay, {
        named: ADA,
        waves: [canary({ soakMs: 24 * HOUR_MS }), wave("everyone", percent(100))],
        applyThrough: "everyone",
        record: movedAda(NOW_MS - hours * HOUR_MS),
      });
      const later = waveOf(document, "everyone");
      assert.deepEqual([later?.state, later?.hold, later?.startsAt], [state, hold, startsAt]);
      const before = waveOf(document, "canary");
      assert.deepEqual([before?.state, before?.plannedUsers, before?.movedBefore], ["done", 0, { EMS: 1 }]);
    });
  }

  it("that has not begun starts when the soak before it could be over", () => {
    const document = documentOf(halfWay, {
      waves: [wave("first", { kind: "count", count: 1 }, { soakMs: 24 * HOUR_MS }), wave("everyone", percent(100))],
      applyThrough: "first",
    });
    assert.equal(waveOf(document, "everyone")?.startsAt, "2026-11-23T08:30:00.000Z");
  });
});

describe("what a plan says that people may lose", () => {
  const narrow = declared("Staff", license("EMS", { without: ["INTUNE_A"] }));
  const parts: SnapshotParts = {
    declared: [narrow],
    groups: [settled(narrow, { licenses: [license("EMS")] })],
    users: [user("ada", [inherited("EMS", "Staff")]), user("ben", [direct("EMS"), inherited("EMS", "Staff")])],
    members: { Staff: ["ada", "ben"] },
  };
  const after = licensesAfterRun(snapshot(parts), EMPTY_RECORD);
  const loss = (group: string, plan: string) => ({ group, skuId: skuId("EMS"), planId: planId(plan) });

  it("is a refusal without the word for it", () => {
    const document = documentOf(parts, { after });
    assert.equal(document.verdict.word, "stops");
    assert.match(only(document.refusals).message, /would take INTUNE_A from 1 user/);
    assert.equal(only(document.skus).after, null);
  });

  it("is counted where the stack file allows it, and needs a look", () => {
    const document = documentOf(parts, { after, accepted: [loss("staff", "INTUNE_A"), loss("staff", "AAD_PREMIUM")] });
    assert.deepEqual(document.acceptedLosses, [{ group: "staff", plan: "INTUNE_A", users: 1 }]);
    assert.equal(document.verdict.word, "needs-a-look");
    assert.match(
      document.verdict.summary,
      /^this run changes the service plans that 1 group gives\. By licensing:acceptLoss 1 member loses INTUNE_A of staff; no user loses anything else\./,
    );
  });

  it("is nothing once it has happened", () => {
    const done = {
      ...parts,
      groups: [settled(narrow)],
      users: [user("ada", [inherited("EMS", "Staff", { without: ["INTUNE_A"] })])],
    };
    const document = documentOf(
      { ...done, members: { Staff: ["ada"] } },
      { after, accepted: [loss("staff", "INTUNE_A")] },
    );
    assert.deepEqual([document.acceptedLosses, document.verdict.word], [[], "nothing-to-do"]);
  });
});

describe("a group in the plan", () => {
  it("shows what is taken off it: what the stack gave and dropped, and what it is told to take off", () => {
    const staff = { ...declared("Staff", "EMS"), removes: [skuId("VISIOCLIENT")] };
    const parts: SnapshotParts = {
      declared: [staff],
      groups: [
        settled(staff, {
          licenses: [license("EMS"), license("ENTERPRISEPACK", { without: ["YAMMER"] }), license("VISIOCLIENT")],
        }),
      ],
      users: [user("ada", [inherited("EMS", "Staff"), inherited("VISIOCLIENT", "Staff"), direct("VISIOCLIENT")])],
      members: { Staff: ["ada"] },
    };
    const before = groupOnRecord({ groupId: staff.groupId, given: [skuId("ENTERPRISEPACK")] });
    const given = { ...EMPTY_RECORD, groupLicenses: new Map([["staff", before]]) };
    const document = documentOf(parts, { record: given, after: licensesAfterRun(snapshot(parts), given) });
    assert.deepEqual(only(document.groups).takenOff, [
      { sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER"], afterGate: false, inOneCall: false },
      { sku: "VISIOCLIENT", disabledPlans: [], afterGate: false, inOneCall: false },
    ]);
    assert.deepEqual(document.undeclared, []);
    assert.match(document.verdict.summary, /^this run takes licences off 1 group\. No user loses a service\./);
  });

  /** Staff gives EMS, and is declared to give EMSPREMIUM. */
  function ofStaffWithEms(way: Pick<DeclaredGroup, "removes" | "swaps">) {
    const staff = { ...declared("Staff", "EMSPREMIUM"), ...way };
    const parts: SnapshotParts = {
      declared: [staff],
      groups: [settled(staff, { licenses: [license("EMS")] })],
      users: [user("ada", [inherited("EMS", "Staff")])],
      members: { Staff: ["ada"] },
    };
    return documentOf(parts, { after: licensesAfterRun(snapshot(parts), EMPTY_RECORD) });
  }

  it("shows what is taken off only when every member is verified", () => {
    const document = ofStaffWithEms({ removes: [skuId("EMS")] });
    assert.deepEqual(only(document.groups).takenOff, [
      { sku: "EMS", disabledPlans: [], afterGate: true, inOneCall: false },
    ]);
    assert.deepEqual(document.refusals, []);
  });

  it("shows what a group swaps in one call, and promises nothing for it", () => {
    const document = ofStaffWithEms({ swaps: [skuId("EMS")] });
    assert.deepEqual(only(document.groups).takenOff, [
      { sku: "EMS", disabledPlans: [], afterGate: false, inOneCall: true },
    ]);
    assert.match(document.refusals.map(({ message }) => message).join(), /two steps are the safe way/);
    const unrefused = judgePlan({ ...document, refusals: [] });
    assert.equal(unrefused.word, "needs-a-look");
    assert.match(
      unrefused.summary,
      /What Staff swaps in one call is not proven for each member before; no user loses anything else\./,
    );
  });

  it("counts users joining in this run among the inheriting users after it", () => {
    const parts: SnapshotParts = {
      declared: [STAFF],
      groups: [bare(STAFF)],
      users: [user("ada", [direct("EMS")]), user("ben", [direct("EMS")])],
      members: { Staff: [] },
    };
    const own: PlanInput["own"] = new Map([
      [
        "staff",
        {
          name: "staff",
          groupId: STAFF.groupId,
          creation: { displayName: "Staff", description: null, owners: [], members: { kind: "direct-holders" } },
          ownerIds: [],
          members: { kind: "direct-holders" },
          ruleBefore: null,
          isEvaluated: true,
        },
      ],
    ]);
    const document = documentOf(parts, { own, waves: [canary()], named: ADA, applyThrough: "canary" });
    assert.deepEqual(only(document.skus).after, { direct: 0, both: 1, inherited: 1, blocked: 0 });
  });

  it("counts as many new inheriting users of a SKU as there are seats", () => {
    const visio = declared("Staff", "VISIOCLIENT");
    const few = new Catalog([EMS, { ...VISIO, prepaidUnits: { ...VISIO.prepaidUnits, enabled: 1 } }]);
    const names = ["ada", "ben", "cleo"];
    const document = documentOf({
      declared: [visio],
      groups: [bare(visio)],
      users: names.map((name) => user(name)),
      members: { Staff: names },
      catalog: few,
    });
    assert.deepEqual(only(document.skus).after, { direct: 0, both: 0, inherited: 1, blocked: 0 });
  });
});

describe("the inputs of a part of a wave that is put back", () => {
  it("show the licences by SKU and disabled plans, as they go back", () => {
    const now = snapshot(halfWay);
    const plan = planMigration({
      snapshot: now,
      waves: [canary({ rollback: true })],
      named: ADA,
      moveLast: new Map(),
      applyThrough: "canary",
      record: movedAda(NOW_MS - HOUR_MS),
      accepted: [],
      after: licensesAfterRun(now, EMPTY_RECORD),
      nowMs: NOW_MS,
    });
    const restored = only(plan.waves);
    const inputs = removalInputs(restored, only(restored.slices), {
      connection: { cloud: "global", tenant: "contoso.com" },
      snapshot: now,
      nestedUsers: new Map(),
      inError: {},
      moveLast: plan.moveLast,
      baselineDigest: "",
      timeouts: { processingMs: 1, inheritanceMs: 1, settleMs: 1, putBackMs: 900_000 },
      showNames: false,
    });
    assert.deepEqual(inputs.patterns, { "EMS without INTUNE_A": { count: 1, users: userId("ada") } });
    assert.deepEqual([inputs.restore, inputs.remove, inputs.mode], [{ EMS: 1 }, {}, "restore"]);
  });
});

describe("blocked users in the plan", () => {
  it("are counted by how much of what they hold goes: all of it, a part, nothing", () => {
    const visio = declared("Visio", "VISIOCLIENT");
    const both = [direct("EMS"), inherited("EMS", "Staff")];
    const { blocked, verdict } = documentOf(
      {
        declared: [STAFF, visio],
        users: [
          user("ada", both),
          user("ben", [...both, direct("VISIOCLIENT")]),
          user("cleo", [direct("VISIOCLIENT")]),
          user("dan", both),
        ],
        members: { Staff: ["ada", "ben", "dan"], Visio: [] },
      },
      { waves: [wave("everyone", percent(100))], applyThrough: "everyone" },
    );
    assert.deepEqual([blocked.users, blocked.moves], [2, { whole: 2, inPart: 1, notAtAll: 1 }]);
    assert.match(verdict.summary, /Needs attention: 1 user moves in part, 1 user is blocked and keeps everything/);
  });
});

describe("a group's licence that is changed in place", () => {
  const forms = { planId: planId("FORMS_PLAN_E1"), byId: planId("FORMS_PLAN_E3") };
  const e1 = sku("STANDARDPACK", ["TEAMS1", "FORMS_PLAN_E1"]);
  const e3 = sku("ENTERPRISEPACK", ["TEAMS1", "FORMS_PLAN_E3"]);
  const office = { ...declared("Office", "ENTERPRISEPACK"), removes: [e1.id] };

  it("lists the accepted successors that its members rely on, with their number, and asks for a look", () => {
    const users = ["ada", "ben"].map((name) => user(name, [inherited("STANDARDPACK", "Office")]));
    const plan = documentOf({
      declared: [office],
      groups: [settled(office, { licenses: [license("STANDARDPACK")] })],
      users: [...users, user("cleo", [])],
      members: { Office: ["ada", "ben", "cleo"] },
      catalog: new Catalog([e1, e3], [forms]),
    });
    assert.deepEqual(plan.refusals, []);
    assert.deepEqual(plan.acceptedSuccessors, [{ plan: "FORMS_PLAN_E1", by: "FORMS_PLAN_E3", users: 2 }]);
    assert.match(plan.verdict.summary, /1 accepted successor/);
  });
});
