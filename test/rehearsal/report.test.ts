import assert from "node:assert/strict";
import { readFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atRealQuotaMs, type Load } from "../../rehearsal/migration/load";
import type { Rehearsal, WaveStep } from "../../rehearsal/migration/result";
import { markdownOf, writeReport } from "../../rehearsal/report/files";
import { terminalText } from "../../rehearsal/report/terminal";
import { judgeRehearsal } from "../../rehearsal/report/verdict";

const load: Load = { requests: 10, writes: 3, cost: { writes: 3, units: 20, audits: 0 }, throttled: 0, early: 0 };
const step = { runs: 1, isThrough: true, halts: [], load, atRealQuotaMs: 150 };
const wave = (name: string, removed: number): WaveStep => ({
  ...step,
  ...{ name, removed: { EMS: removed }, pending: {}, blocked: {}, soakMs: 0 },
});
const rollback = { ...step, name: "rollback", restored: 100, notBack: [], why: {} };
const lost = { userId: "ada", plans: ["TEAMS1"], at: "2026-11-22T10:00:00.000Z", cause: "why" };
const otto = { sku: "EMS", words: "not a member of All users", remedy: "Add them.", users: 4 };

function rehearsal(changes: Partial<Rehearsal> = {}, mayHalt = false): Rehearsal {
  const facts = {
    ...{ version: 1 as const, stack: "contoso", copiedAt: "2026-11-22T10:00:00.000Z", ids: "real" as const },
    ...{ users: 120, direct: 104, groups: { ...step, name: "groups" }, waves: [wave("canary", 4), wave("rest", 96)] },
    ...{
      stays: [otto],
      added: {},
      groupMoves: [],
      swapsInOneCall: [],
      held: null,
      troubles: [],
      rollback,
      lost: [],
      lostByPeople: [],
      warnings: [],
      names: null,
    },
    ...changes,
  };
  return { ...facts, verdict: judgeRehearsal(facts, mayHalt) };
}

describe("the report of a rehearsal", () => {
  const cases: [string, Partial<Rehearsal>, boolean, Rehearsal["verdict"]["word"], RegExp][] = [
    [
      "people stay as they are",
      {},
      false,
      "needs-a-look",
      /^No user lost a service\. 100 of 104 direct assignments were removed in 2 waves, 4 stay: 4 EMS not a member of All users\.$/,
    ],
    [
      "swaps added direct licences, which a group has not taken over",
      { direct: 100, added: { SPE_E5: 3 }, stays: [{ ...otto, sku: "SPE_E5", users: 3 }] },
      false,
      "needs-a-look",
      /were removed in 2 waves, swaps added 3 SPE_E5, 3 stay: 3 SPE_E5 not a member of All users\.$/,
    ],
    [
      "members went from group to group, and one stayed",
      { direct: 100, stays: [], groupMoves: [{ from: "E3", to: "E5", moved: 5, pending: 0, stay: { "no seat": 1 } }] },
      false,
      "needs-a-look",
      /none is left\. 5 users went from E3 to E5; in E3 stay 1: no seat\.$/,
    ],
    [
      "members could go to another group and did not",
      { direct: 100, stays: [], groupMoves: [{ from: "E3", to: "E5", moved: 5, pending: 2, stay: {} }] },
      false,
      "stops",
      /, but 2 users could go to the new group and did not\./,
    ],
    ["nothing is left", { direct: 100, stays: [] }, false, "safe", /removed in 2 waves, none is left\.$/],
    [
      "a user lost something",
      { lost: [lost] },
      true,
      "lost",
      /^1 user lost a service through the migration: do not run it/,
    ],
    [
      "others took something",
      { lostByPeople: [lost] },
      true,
      "needs-a-look",
      /^No user lost a service through the migration \(1 user did through other changes in the tenant\)\. 100/,
    ],
    [
      "a wave halted without any requested trouble",
      { waves: [wave("canary", 4), { ...wave("rest", 96), runs: 2, halts: ["it halted"] }] },
      false,
      "stops",
      /^No user lost a service, but wave rest halted on the way\. 100 of 104 direct assignments were removed in 2 waves\.$/,
    ],
    [
      "a wave halted by trouble, and the next up went on",
      { waves: [wave("canary", 4), { ...wave("rest", 96), runs: 2, halts: ["it halted"] }] },
      true,
      "needs-a-look",
      /^No user lost a service\. /,
    ],
    [
      "a wave did not end, with any trouble",
      { waves: [{ ...wave("canary", 4), isThrough: false, halts: ["no"] }] },
      true,
      "stops",
      /but wave canary did not come to its end/,
    ],
    [
      "the groups were refused",
      { groups: { ...step, name: "groups", isThrough: false, halts: ["no"] }, waves: [] },
      false,
      "stops",
      /but the migration did not get past its groups\. None of 104/,
    ],
    [
      "something that could go did not",
      { waves: [{ ...wave("all", 99), pending: { EMS: 1 } }] },
      false,
      "stops",
      /but 1 direct assignment could go and did not/,
    ],
    [
      "a wave waits for one that is not done",
      {
        waves: [wave("canary", 0), { ...wave("all", 0), pending: { EMS: 37 } }],
        held: "wave all, not now: canary is not done: it moved no user, and 3 users are blocked",
      },
      false,
      "stops",
      /but 37 direct assignments could go and did not \(wave all, not now: canary is not done: it moved no user, and 3 users are blocked\)/,
    ],
    [
      "the rollback did not end",
      { rollback: { ...rollback, isThrough: false } },
      false,
      "stops",
      /but the rollback did not come to its end/,
    ],
    [
      "the rollback left a user out",
      {
        stays: [],
        direct: 100,
        rollback: { ...rollback, restored: 99, notBack: [{ userId: "ada", skuId: "ems" }], why: { "no seat": 1 } },
      },
      false,
      "needs-a-look",
      /none is left\. A rollback does not bring 1 of them back\.$/,
    ],
  ];
  for (const [what, changes, mayHalt, word, summary] of cases) {
    it(`where ${what}, says ${word}`, () => {
      const { verdict } = rehearsal(changes, mayHalt);
      assert.equal(verdict.word, word);
      assert.match(verdict.summary, summary);
    });
  }

  it("names the stack, the verdict and each step, and takes names for what they are", () => {
    const page = markdownOf(rehearsal({ stays: [{ ...otto, words: "not a member of <b>|@all" }] }));
    assert.match(page, /^# Rehearsal of contoso\n\n\*\*No user lost a service\./);
    assert.match(page, /\| wave rest \| 96 EMS \| 0 \| 1 \| 10 \| 1 s \|/);
    assert.match(page, /- 4 users, EMS: not a member of &lt;b&gt;\\\|@<!-- -->all/);
    assert.match(page, /All 104 are as they were, with the same plans off/);
    assert.match(page, /npx entra-licensing preview --stack contoso/);
  });

  it("names users only where the copy has names, and lists the users that the rollback left out", () => {
    const left = { ...rollback, restored: 99, notBack: [{ userId: "ada", skuId: "ems" }], why: { "no location": 1 } };
    const text = terminalText(rehearsal({ rollback: left, lostByPeople: [lost] }), false);
    assert.match(text, /^No user lost a service/);
    assert.match(text, /99 direct assignments were put back\. 1 is not as before/);
    assert.match(text, /1 user: no location/);
    assert.match(text, /^ {2}ada: ems$/m);
    assert.match(text, /1 user: TEAMS1 \(why\): ada$/m);
    assert.match(
      terminalText(rehearsal({ lost: [lost], names: { ada: "Ada" } }), false),
      /ada \(Ada\)[\s\S]*Do not run this migration/,
    );
  });

  it("is two files that only their owner may read, one of them plain data", () => {
    const folder = mkdtempSync(join(tmpdir(), "rehearsal-report-"));
    try {
      const written = rehearsal();
      const files = writeReport(join(folder, "out"), written);
      assert.deepEqual(JSON.parse(readFileSync(join(folder, "out", "rehearsal.json"), "utf8")), written);
      if (process.platform !== "win32") for (const file of files) assert.equal(statSync(file).mode & 0o777, 0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("counts time by Graph's quotas: 3,000 writes in 150 s, and units by the size of the tenant", () => {
    const time = (writes: number, units: number, users: number, pace = 1) =>
      atRealQuotaMs({ writes, units, audits: 0 }, users, pace);
    assert.equal(time(6_000, 6_000, 10_000), 300_000);
    assert.equal(time(6_000, 6_000, 10_000, 0.5), 600_000);
    assert.equal(time(10, 16_000, 501), 20_000);
    assert.equal(time(10, 5_000, 500), 10_000);
    assert.equal(time(10, 3_500, 49), 10_000);
    assert.equal(atRealQuotaMs({ writes: 0, units: 1, audits: 10 }, 49, 1), 20_000);
  });
});
