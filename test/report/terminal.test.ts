import assert from "node:assert/strict";
import { describe, it } from "mocha";
import stringWidth from "string-width";
import { nextStep } from "../../cli/render/terminal/next-step";
import { planText } from "../../cli/render/terminal/plan-text";
import { progressText } from "../../cli/render/terminal/progress-text";
import { formatProgress, readProgress } from "../../licensing/progress-words";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { smallDocument } from "./documents";

/** Names as long as the stack file and Entra allow. */
function longNames(document: PlanDocument): PlanDocument {
  return {
    ...document,
    waves: document.waves.map((wave, at) => ({ ...wave, name: `${"w".repeat(38)}-${at}` })),
    groups: document.groups.map((group, at) => ({
      ...group,
      name: `${"g".repeat(38)}-${at}`,
      displayName: "G".repeat(250),
    })),
  };
}

describe("a plan in a terminal", () => {
  const documents = {
    "a plan": smallDocument(),
    "long names": longNames(smallDocument()),
    names: smallDocument({ showNames: true }),
  };

  for (const width of [80, 120]) {
    for (const [name, document] of Object.entries(documents)) {
      it(`fits ${width} columns: ${name}`, () => {
        const wide = planText(document, width)
          .split("\n")
          .filter((line) => stringWidth(line) > width);
        assert.deepEqual(wide, []);
      });
    }
  }

  it("has blocked users by reason with the remedy, and names only where they are asked for", () => {
    const text = planText(smallDocument(), 200);
    assert.match(text, /- 1 EMS: not a member of All users\n {4}Add them to the group/);
    assert.doesNotMatch(text, /person\d/);
    assert.match(planText(smallDocument({ showNames: true }), 200), /[0-9a-f-]{36} \(person0, person0@contoso\.com\)/);
  });

  it("names plans that stay only as a successor, with those of the stack file left to the verdict", () => {
    const document = smallDocument();
    const waves = document.waves.map((wave, at) => ({
      ...wave,
      successions: at > 1 ? {} : { "PLAN_2 in place of PLAN_1": 3, "FORMS_E5 in place of FORMS_E3": 4 },
    }));
    const acceptedSuccessors = [{ plan: "FORMS_E3", by: "FORMS_E5", users: 8 }];
    const text = planText({ ...document, waves, acceptedSuccessors }, 200);
    assert.match(text, /Kept as a successor: 6 users PLAN_2 in place of PLAN_1\./);
  });

  it("has each wave in its place", () => {
    const text = planText(smallDocument(), 80);
    const places = smallDocument().waves.map(({ name }) => text.indexOf(`\n  ${name}`));
    assert.ok(places.every((place) => place > 0));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
  });
});

describe("what comes next", () => {
  const document = smallDocument();

  it("is up after a preview, and a mended stack file after a refusal", () => {
    assert.equal(nextStep(document, "previewed"), "Next: npx entra-licensing up --stack contoso");
    const refused = { ...document, verdict: { ...document.verdict, word: "stops" as const } };
    assert.match(nextStep(refused, "previewed"), /mend what is refused/);
  });

  it("is the next wave after a run, with the end of the soak", () => {
    const [first, second] = document.waves;
    assert.ok(first !== undefined && second !== undefined);
    const waves = [
      { ...first, state: "runs" as const, soakMs: 24 * 3_600_000 },
      { ...second, state: "waits" as const, startsAt: "2026-11-23T08:30:00.000Z" },
    ];
    const words = nextStep({ ...document, waves, applyThrough: first.name }, "applied");
    assert.match(words, new RegExp(`\`licensing:applyThrough: ${second.name}\` in the stack file`));
    assert.match(words, /from 2026-11-23 08:30 UTC on \(canary soaks 24 hours\)/);
  });

  it("is the nightly check when all waves are done", () => {
    const waves = document.waves.map((wave) => ({ ...wave, state: "done" as const }));
    assert.match(
      nextStep({ ...document, waves }, "applied"),
      /every night:\nnpx entra-licensing preview .*--expect-no-changes/,
    );
  });
});

describe("the progress of a wave", () => {
  const progress = { done: 1_200, all: 24_000, rate: 16, quotaShare: 0.41, blocked: 2, secondsLeft: 1_440 };

  it("is read as it was written", () => {
    for (const each of [
      progress,
      { ...progress, rate: 9.5, secondsLeft: null },
      { done: 1, all: 1, rate: 0, quotaShare: 0, blocked: 0, secondsLeft: 12 },
    ]) {
      assert.deepEqual(readProgress(formatProgress(each)), each);
    }
    assert.equal(readProgress("throttled until 14:03:20 UTC (429, writes)"), null);
  });

  it("is one line with share, rate and time left; a wait stands in the place of the rate; what does not fit goes", () => {
    const state = { phase: "tenth", progress, text: "" };
    assert.equal(
      progressText(state, 90),
      "tenth: 1,200 of 24,000 users, 5%, 16/s, 24 min left, 2 blocked, 41% of the quota",
    );
    assert.equal(progressText(state, 60), "tenth: 1,200 of 24,000 users, 5%, 16/s, 24 min left");
    const waiting = progressText({ ...state, text: "throttled until 14:03:20 UTC (429, writes)" }, 100);
    assert.match(waiting, /5%, throttled until 14:03:20 UTC \(429, writes\), 24 min left/);
    assert.equal(stringWidth(progressText({ ...state, phase: "w".repeat(40) }, 30)), 30);
  });
});
