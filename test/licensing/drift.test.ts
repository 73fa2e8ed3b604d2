import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  driftOf,
  NOT_ASKED,
  type AuditDoubt,
  type AuditReading,
  returnedLicenses,
  searchFromMs,
  type LicenseChange,
  type ReturnedLicense,
} from "../../licensing/drift/drift";
import { driftLines } from "../../licensing/drift/drift-words";
import type { Assignment } from "../../licensing/model";
import { usersShown } from "../../licensing/people";
import { EMPTY_RECORD, type StackRecord } from "../../licensing/record/record";
import { catalog, declared, direct, inherited, skuId, snapshot, user, userId } from "./builders";

const REMOVED = Date.parse("2026-11-10T08:00:00Z");
const at = (text: string): number => Date.parse(text);
const EVERYONE = declared("All users", "EMS");

const removed = (...names: readonly string[]): StackRecord => ({
  ...EMPTY_RECORD,
  removals: new Map(names.map((name) => [userId(name), new Map([[skuId("EMS"), REMOVED]])])),
});

function returnedAmong(people: Readonly<Record<string, readonly Assignment[]>>, record: StackRecord) {
  const names = Object.keys(people);
  const users = names.map((name) => user(name, people[name]));
  return returnedLicenses(snapshot({ declared: [EVERYONE], users, members: { "All users": names } }), record);
}

describe("direct licences that came back", () => {
  const cases: [what: string, assignments: readonly Assignment[], record: StackRecord, comesBack: boolean][] = [
    ["a direct licence that this stack removed", [direct("EMS"), inherited("EMS", "All users")], removed("ada"), true],
    ["one that changed after the removal", [{ ...direct("EMS"), changedAtMs: REMOVED + 1 }], removed("ada"), true],
    [
      "one by a clock that is slightly behind",
      [{ ...direct("EMS"), changedAtMs: REMOVED - 60_000 }],
      removed("ada"),
      true,
    ],
    // A list that lags: it is the licence from before the removal.
    ["one from before the removal", [{ ...direct("EMS"), changedAtMs: REMOVED - 3_600_000 }], removed("ada"), false],
    ["an inherited licence", [inherited("EMS", "All users")], removed("ada"), false],
    ["another SKU", [direct("ENTERPRISEPACK")], removed("ada"), false],
    ["nothing at all", [], removed("ada"), false],
    ["a licence that was never removed: its user is blocked", [direct("EMS")], removed("ben"), false],
    ["a stack without a record", [direct("EMS")], EMPTY_RECORD, false],
  ];
  for (const [what, assignments, record, comesBack] of cases) {
    it(`${what}: ${comesBack ? "came back" : "did not"}`, () => {
      assert.equal(returnedAmong({ ada: assignments }, record).length, comesBack ? 1 : 0);
    });
  }

  it("a SKU that is no longer declared is passed over", () => {
    const record: StackRecord = {
      ...EMPTY_RECORD,
      removals: new Map([[userId("ada"), new Map([[skuId("ENTERPRISEPACK"), REMOVED]])]]),
    };
    assert.deepEqual(returnedAmong({ ada: [direct("ENTERPRISEPACK")] }, record), []);
  });

  it("reports no returned licence for a deleted user", () => {
    assert.deepEqual(returnedAmong({}, removed("ada")), []);
  });
});

describe("how far back the audit log is read", () => {
  const back = (changedAtMs: number | null): ReturnedLicense => ({
    userId: userId("ada"),
    skuId: skuId("EMS"),
    removedAtMs: REMOVED,
    changedAtMs,
  });

  it("not at all when nothing came back", () => {
    assert.equal(searchFromMs([]), null);
  });

  it("to the first return, a few minutes before it; to the removal where the tenant does not say", () => {
    const first = at("2026-11-20T12:00:00Z");
    assert.equal(searchFromMs([back(at("2026-11-21T00:00:00Z")), back(first)]), first - 5 * 60_000);
    assert.equal(searchFromMs([back(first), back(null)]), REMOVED);
  });
});

describe("actor of a returned direct licence", () => {
  const TIME = "2026-11-20T12:00:00Z";
  const change = (when: string, actor: string | null, name = "ada"): LicenseChange => ({
    userId: userId(name),
    at: when,
    actor,
  });
  const read = (changes: readonly LicenseChange[], other: Partial<AuditReading> = {}): AuditReading => ({
    changes,
    fromMs: 0,
    readAtMs: at("2026-11-29T00:00:00Z"),
    gap: null,
    ...other,
  });
  const adas = (changedAt: string | null) => ({
    userId: userId("ada"),
    skuId: skuId("EMS"),
    removedAtMs: REMOVED,
    changedAtMs: changedAt === null ? null : at(changedAt),
  });

  const cases: [
    what: string,
    changedAt: string | null,
    changes: readonly LicenseChange[],
    expected: { at: string | null; actor: string | null; doubt?: AuditDoubt },
    reading?: Partial<AuditReading>,
  ][] = [
    ["the one who changed it then", TIME, [change(TIME, "svc")], { at: TIME, actor: "svc" }],
    [
      "clocks a minute apart",
      TIME,
      [change("2026-11-20T12:01:00Z", "svc")],
      { at: "2026-11-20T12:01:00Z", actor: "svc" },
    ],
    ["another user's record", TIME, [change(TIME, "svc", "ben")], { at: "2026-11-20T12:00:00.000Z", actor: null }],
    // The log lags: the right record is not there yet, and an older one is about something else.
    [
      "a record of the week before",
      TIME,
      [change("2026-11-13T09:00:00Z", "helpdesk")],
      { at: "2026-11-20T12:00:00.000Z", actor: null },
    ],
    ["nothing in the log", TIME, [], { at: "2026-11-20T12:00:00.000Z", actor: null }],
    ["a record without an actor", TIME, [change(TIME, null)], { at: TIME, actor: null }],
    [
      "two at that moment, the newest first",
      TIME,
      [change(TIME, "svc"), change("2026-11-20T12:02:00Z", "admin@contoso.com"), change(TIME, "svc")],
      { at: "2026-11-20T12:02:00Z", actor: "admin@contoso.com or svc" },
    ],
    // Where the tenant does not say when, every change since the removal may have been the one.
    [
      "no time from the tenant",
      null,
      [change("2026-11-13T09:00:00Z", "helpdesk"), change(TIME, "svc")],
      { at: TIME, actor: "svc or helpdesk or someone since", doubt: "late" },
    ],
    [
      "a moment within the log's lag: the right record may not be there yet",
      TIME,
      [change(TIME, "svc")],
      { at: TIME, actor: "svc or someone since", doubt: "late" },
      { readAtMs: at(TIME) + 64 * 60_000 },
    ],
    [
      "the same when the log has had its time",
      TIME,
      [change(TIME, "svc")],
      { at: TIME, actor: "svc" },
      { readAtMs: at(TIME) + 66 * 60_000 },
    ],
    [
      "records of that moment that were not read",
      TIME,
      [change(TIME, "svc")],
      { at: TIME, actor: "svc or someone since", doubt: "cut" },
      { fromMs: at(TIME) - 60_000 },
    ],
    [
      "older records that were not read",
      TIME,
      [change(TIME, "svc")],
      { at: TIME, actor: "svc" },
      { fromMs: at(TIME) - 6 * 60_000 },
    ],
    [
      "another record of that moment without a name",
      TIME,
      [change(TIME, "svc"), change(TIME, null)],
      { at: TIME, actor: "svc or someone since", doubt: "unnamed" },
    ],
    ["no time from anybody", null, [], { at: null, actor: null }],
    ["before the removal", null, [change("2026-11-09T09:00:00Z", "svc")], { at: null, actor: null }],
    [
      "the removal itself, by a clock of whole seconds",
      null,
      [change(new Date(REMOVED + 900).toISOString(), "us")],
      { at: null, actor: null },
    ],
    ["the removal itself", null, [change(new Date(REMOVED).toISOString(), "us")], { at: null, actor: null }],
  ];
  for (const [what, changedAt, changes, expected, reading = {}] of cases) {
    it(`${what}: ${expected.actor ?? "unknown"}`, () => {
      const [found] = driftOf([adas(changedAt)], read(changes, reading)).returned;
      assert.deepEqual(found, { userId: userId("ada"), skuId: skuId("EMS"), doubt: null, ...expected });
    });
  }

  it("is counted by SKU, day and actor: days in order, the most of a day first, an unknown day last", () => {
    const people = ["ada", "ben", "cleo", "dan", "eve"];
    const returned = people.map((name, n) => ({
      ...adas(n === 4 ? null : n === 3 ? "2026-11-21T00:00:30Z" : "2026-11-20T23:59:50Z"),
      userId: userId(name),
    }));
    const changes = people
      .slice(0, 3)
      .map((name, n) => change("2026-11-20T23:59:50Z", n === 0 ? "admin" : "svc", name));
    const EMS = skuId("EMS");
    assert.deepEqual(driftOf(returned, read(changes)).tallies, [
      { skuId: EMS, day: "2026-11-20", actor: "svc", count: 2 },
      { skuId: EMS, day: "2026-11-20", actor: "admin", count: 1 },
      { skuId: EMS, day: "2026-11-21", actor: null, count: 1 },
      { skuId: EMS, day: null, actor: null, count: 1 },
    ]);
  });

  describe("in words", () => {
    const many = Array.from({ length: 14 }, (_, n) => {
      const changedAt = n < 12 ? "2026-11-20T12:00:00Z" : "2026-11-21T06:00:00Z";
      return { ...adas(changedAt), userId: userId(`person ${n}`) };
    });
    const changes = many.slice(0, 12).map((each) => ({ userId: each.userId, at: TIME, actor: "svc-licensing" }));

    it("says count, SKU, actor and time, the first users, and what happens to them", () => {
      const [line = "", unknown = "", ...more] = driftLines(driftOf(many, read(changes)), catalog);
      assert.ok(
        line.startsWith(
          "14 direct EMS came back on moved users: 12 by svc-licensing on 2026-11-20, 2 unknown on 2026-11-21 (" +
            `${usersShown(many.map((each) => each.userId))}). `,
        ),
        line,
      );
      assert.match(line, /An up removes them again, under the same proof/);
      assert.match(
        unknown,
        /^The actor that assigned 2 direct licences again is not known\. The audit log names no actor .* lags up to an hour/,
      );
      assert.deepEqual(more, []);
    });

    it("says why the audit log does not tell, once", () => {
      const gap = "The audit log was not read. The credentials may not read it.";
      const lines = driftLines(driftOf(many, read([], { gap })), catalog);
      assert.equal(lines.length, 2);
      assert.equal(lines[1], `The actor that assigned 14 direct licences again is not known. ${gap}`);
    });

    it("says why a name is followed by someone since, once", () => {
      const early = { readAtMs: at("2026-11-20T12:30:00Z") };
      const [line = "", doubts = "", ...more] = driftLines(driftOf(many.slice(0, 12), read(changes, early)), catalog);
      assert.match(line, /: 12 by svc-licensing or someone since on 2026-11-20 \(/);
      assert.match(doubts, /^"or someone since": the audit log lags up to an hour/);
      assert.deepEqual(more, []);
    });

    it("says nothing of the audit log when every actor is named, and nothing at all when nothing came back", () => {
      assert.equal(driftLines(driftOf(many.slice(0, 12), read(changes, { gap: "cut" })), catalog).length, 1);
      const none = driftOf([], read(changes, { gap: "cut" }));
      assert.deepEqual(none, { returned: [], tallies: [], auditGap: null });
      assert.deepEqual(driftLines(none, catalog), []);
      assert.deepEqual(driftLines(driftOf([], NOT_ASKED), catalog), []);
    });
  });
});
