import assert from "node:assert/strict";
import { appliedMarkdown } from "../../cli/render/applied-markdown";
import { MOST_CHARACTERS } from "../../cli/render/markdown/fitting";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { bigDocument, smallDocument } from "./documents";

type Wave = PlanDocument["waves"][number];

describe("what a run did, as Markdown", () => {
  const before = smallDocument();
  const withWave = (document: PlanDocument, name: string, change: Partial<Wave>): PlanDocument => ({
    ...document,
    waves: document.waves.map((wave) => (wave.name === name ? { ...wave, ...change } : wave)),
  });
  const canaryDone = withWave(before, "canary", {
    state: "done",
    doneAt: "2026-11-20T10:00:00.000Z",
    planned: {},
    plannedUsers: 0,
    movedBefore: { EMS: 2 },
  });
  const rowOf = (text: string, wave: string) => text.split("\n").find((line) => line.startsWith(`| \`${wave}\``)) ?? "";

  it("has what was removed in it and in all, the next wave, and the blocked users with the remedy", () => {
    const earlier = withWave(before, "canary", { movedBefore: { EMS: 1 } });
    const text = appliedMarkdown({ before: earlier, after: canaryDone, isDone: true });
    assert.match(text, /^## Applied: licences of contoso\n\n✅/);
    assert.match(
      rowOf(text, "canary"),
      /^\| `canary` \| removed 1 EMS \| 2 EMS \| nothing \| .* \| done on 2026-11-20 \|$/,
    );
    assert.match(
      text,
      /\*\*Next:\*\* the wave `everyone`\..* It needs a pull request with `licensing:applyThrough: everyone`\./,
    );
    assert.match(text, /### Blocked users/);
  });

  it("says until when the next wave waits, and that a start by hand is enough where the file allows the wave", () => {
    const soaking = { ...canaryDone, applyThrough: "everyone", plannedAt: "2026-11-20T10:00:00.000Z" };
    const after = withWave(soaking, "everyone", { startsAt: "2026-11-21T10:00:00.000Z" });
    const text = appliedMarkdown({ before, after, isDone: true });
    assert.match(
      text,
      /`canary` soaks for 24 hours, so it can start from \*\*2026-11-21 10:00 UTC\*\* on\. Then start the workflow/,
    );
  });

  it("counts users that went from group to group by the record, and those that a rollback moved back", () => {
    const move = { from: "E3 users", to: "E5 users", joining: 0, seats: [], stay: [], userIds: [] };
    const moves = (users: number, movedBefore: number) => [{ ...move, users, movedBefore }];
    const said = (mode: Wave["mode"], was: Wave["moves"], is: Wave["moves"]) =>
      rowOf(
        appliedMarkdown({
          before: withWave(before, "canary", { mode, moves: was }),
          after: withWave(before, "canary", { mode, moves: is }),
          isDone: false,
        }),
        "canary",
      );
    assert.match(said("remove", moves(5, 1), moves(2, 4)), /\| moved 3 users from E3 users to E5 users \|/);
    assert.match(said("restore", moves(4, 0), moves(1, 0)), /\| moved 3 users back from E5 users to E3 users \|/);
    assert.match(said("remove", moves(5, 1), moves(5, 1)), /\| nothing \|/);
  });

  it("counts swaps, and no more of them than the record has lost of the old licence", () => {
    const words = "EMS for a direct EMSPREMIUM";
    const said = (left: number, removed: number) =>
      rowOf(
        appliedMarkdown({
          before: withWave(before, "canary", { swaps: { [words]: 4 }, movedBefore: {} }),
          after: withWave(before, "canary", { swaps: { [words]: left }, movedBefore: { EMS: removed } }),
          isDone: false,
        }),
        "canary",
      );
    assert.match(said(1, 3), /\| removed 3 EMS; 3 users swapped EMS for a direct EMSPREMIUM \|/);
    assert.match(said(0, 1), /\| removed 1 EMS; 1 user swapped EMS for a direct EMSPREMIUM \|/);
    assert.match(said(0, 0), /\| nothing \|/);
  });

  it("says what went off a group, in one call or by itself, and what is still on it", () => {
    const withTaken = (document: PlanDocument, inOneCall: boolean, isLeft = true): PlanDocument => {
      const [first, ...others] = document.groups;
      assert.ok(first !== undefined);
      const licence = { sku: "STANDARDPACK", disabledPlans: [], afterGate: false, inOneCall };
      return { ...document, groups: [{ ...first, takenOff: isLeft ? [licence] : [] }, ...others] };
    };
    const said = (inOneCall: boolean, isLeft: boolean) =>
      appliedMarkdown({
        before: withTaken(before, inOneCall),
        after: withTaken(before, inOneCall, isLeft),
        isDone: !isLeft,
      });
    assert.match(said(true, false), /STANDARDPACK.*\| taken off the group, in one call with what was assigned \|/);
    assert.match(said(false, false), /STANDARDPACK.*\| taken off the group \|/);
    assert.match(said(true, true), /STANDARDPACK.*\| not done \|/);
  });

  it("counts what a rollback put back by what is left of it", () => {
    const back = { mode: "restore", planned: { EMS: 2 }, movedBefore: {} } as const;
    const text = appliedMarkdown({
      before: withWave(before, "canary", back),
      after: withWave(before, "canary", { ...back, planned: { EMS: 1 } }),
      isDone: false,
    });
    assert.match(rowOf(text, "canary"), /put back 1 EMS/);
  });

  it("says that it stopped early, and never that a group has a licence which it has not", () => {
    const text = appliedMarkdown({ before, after: before, isDone: false });
    assert.match(text, /^## Not finished: licences of contoso\n\n⛔ The run stopped before its end/);
    assert.match(text, /\| not done \|/);
    assert.doesNotMatch(text, /assigned to the group/);
    assert.match(rowOf(text, "canary"), /\| nothing \| nothing \|/);
  });

  it("claims nothing where no plan could be made after it", () => {
    const text = appliedMarkdown({ before, after: null, isDone: false });
    assert.match(text, /What the run has done is not known here/);
    assert.doesNotMatch(text, /removed \d/);
  });

  it("fits into a comment, and is no Markdown of a tenant's own", () => {
    const big = bigDocument({ users: 100_000, blocked: 20_000 });
    assert.ok(appliedMarkdown({ before: big, after: big, isDone: true }).length < MOST_CHARACTERS);
    const named = { ...before, stack: "[x](https://evil.example) @all" };
    assert.doesNotMatch(
      appliedMarkdown({ before: named, after: named, isDone: true }),
      /\]\(https:\/\/evil|(?<!-)@all/,
    );
  });
});
