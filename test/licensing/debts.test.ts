import assert from "node:assert/strict";
import { judgeDebts, NO_EVIDENCE, type DebtEvidence } from "../../licensing/plan/debts";
import { openDebts, packDebts, settledTimes, unpackDebts, type Debt } from "../../licensing/record/debts-on-record";
import { packPairs } from "../../licensing/record/compact-ids";
import type { Assignment } from "../../licensing/model";
import { removalTimes } from "../../licensing/record/removals-on-record";
import { debtsInputs } from "../../dynamic-providers/direct-license-debts";
import { Catalog } from "../../licensing/catalog/catalog";
import { owedLines } from "../../licensing/plan/debt-words";
import { declared, direct, EMS, groupId, inherited, license, skuId, snapshot, user, userId } from "./builders";

const AT = "2026-11-20T12:00:00.000Z";
const BEFORE = "2026-11-20T11:59:59.000Z";
const AFTER = "2026-11-20T12:00:01.000Z";
const ADA = { userId: userId("ada"), skuId: skuId("EMS") };
const DEBT: Debt = { ...ADA, reason: "No seat.", at: AT };

describe("a debt", () => {
  const EVERYONE = declared("All users", "EMS");
  const baseline = new Map([[ADA.userId, new Map([[ADA.skuId, license("EMS", { without: ["INTUNE_A"] })]])]]);
  const takenOut = (at: string, group = "All users"): Partial<DebtEvidence> => ({
    takenOut: [{ userId: ADA.userId, groupId: groupId(group), at, actor: "hr@contoso.com" }],
  });

  const cases: [
    what: string,
    holds: readonly Assignment[],
    isMember: boolean,
    evidence: Partial<DebtEvidence>,
    end: string | null,
  ][] = [
    ["of a member is open", [], true, {}, null],
    [
      "of a member that inherits again is open: to pay it takes nothing from any user",
      [inherited("EMS", "All users")],
      true,
      {},
      null,
    ],
    ["is paid where the licence is there again", [direct("EMS")], true, {}, "paid"],
    ["is paid in every other situation", [direct("EMS")], false, takenOut(AFTER), "paid"],
    ["ends with the user", [], true, { deleted: new Set([ADA.userId]) }, "deleted"],
    ["ends when it is written off", [], true, { writtenOff: new Set([ADA.userId]) }, "written-off"],
    ["of another user is not written off", [], true, { writtenOff: new Set([userId("ben")]) }, null],
    ["ends when a person takes the user out of the group", [], false, takenOut(AFTER), "taken-out"],
    ["is open where no record names the person that took the user out", [], false, {}, null],
    ["is open where the user had left before: the proof did not hold", [], false, takenOut(BEFORE), null],
    ["is open where the user was taken out of another group", [], false, takenOut(AFTER, "Another group"), null],
    ["is open where the user is a member again", [], true, takenOut(AFTER), null],
  ];
  for (const [what, holds, isMember, evidence, end] of cases) {
    it(what, () => {
      const world = snapshot({
        declared: [EVERYONE],
        users: [user("ada", holds)],
        members: { "All users": isMember ? ["ada"] : [] },
      });
      const { owed, ended } = judgeDebts([DEBT], [], world, baseline, [], { ...NO_EVIDENCE, ...evidence });
      assert.deepEqual(
        ended.map(({ how }) => how.kind),
        end === null ? [] : [end],
      );
      assert.deepEqual(
        owed.map((each) => each.license),
        end === null ? [license("EMS", { without: ["INTUNE_A"] })] : [],
      );
    });
  }
});

it("a debt of a subscription that has ended stays, is not tried, and says so", () => {
  const ended = new Catalog([{ ...EMS, capabilityStatus: "Suspended" }]);
  const world = snapshot({
    declared: [declared("All users", "EMS")],
    users: [user("ada")],
    members: { "All users": ["ada"] },
    catalog: ended,
  });
  const debts = judgeDebts([DEBT], [], world, new Map(), [], NO_EVIDENCE);
  assert.equal(debts.owed[0]?.hopeless, "the subscription of EMS is Suspended");
  assert.match(
    owedLines(debts, world).join(),
    /so it cannot be given back\. Renew the subscription, .*licensing:writtenOff/,
  );
  assert.deepEqual(
    debtsInputs({ cloud: "global", tenant: "contoso.com" }, debts, ended, { putBackMs: 1 }).__lists.pay,
    [],
  );
});

describe("debts on record", () => {
  const settled = (at: string) => settledTimes([{ at, of: packPairs([ADA]) }]);
  const removed = (at: string) => removalTimes([{ at, pairs: [ADA] }]);
  const NONE = new Map();

  it("come out of the state as they went in", () => {
    const debts = [DEBT, { ...DEBT, userId: userId("ben") }, { ...DEBT, reason: "Another.", userId: userId("cleo") }];
    const sorted = (all: readonly Debt[]) => [...all].sort((a, b) => a.userId.localeCompare(b.userId));
    assert.deepEqual(sorted(unpackDebts(packDebts(debts))), sorted(debts));
  });

  const cases: [what: string, settledAt: string | null, removedAt: string | null, isOpen: boolean][] = [
    ["nothing has happened since", null, null, true],
    ["settled since", AFTER, null, false],
    ["settled before: it is a new one", BEFORE, null, true],
    ["removed with success since", null, AFTER, false],
    ["removed before: that is what the debt is about", null, BEFORE, true],
  ];
  for (const [what, settledAt, removedAt, isOpen] of cases) {
    it(`${what}: ${isOpen ? "open" : "over"}`, () => {
      const open = openDebts(
        [DEBT],
        settledAt === null ? NONE : settled(settledAt),
        removedAt === null ? NONE : removed(removedAt),
      );
      assert.equal(open.length, isOpen ? 1 : 0);
    });
  }

  it("the same licence owed twice is one debt, with the last reason", () => {
    assert.deepEqual(
      openDebts([{ ...DEBT, at: AFTER, reason: "Later." }, DEBT], NONE, NONE).map(({ reason }) => reason),
      ["Later."],
    );
  });
});
