import assert from "node:assert/strict";
import { mistakesAboutStartedWaves } from "../../licensing/plan/started-waves";
import { count, percent, record, userId, wave } from "./builders";

const CANARY = wave("canary", count(2));
const TENTH = wave("tenth", percent(10));
const EVERYONE = wave("everyone", percent(100));

const taken = [userId("ada"), userId("ben")];
const begun = record({ canary: { taken, doneAtMs: 1_000 }, tenth: { taken: [userId("cleo")] }, everyone: {} });

const DEPENDED_ON = [{ dependents: { users: 2 } }];

const paths = (...args: Parameters<typeof mistakesAboutStartedWaves>) =>
  mistakesAboutStartedWaves(...args).map(({ path }) => path);

describe("waves that have begun, in a stack file that was edited", () => {
  it("all there and in order: nothing to say", () => {
    assert.deepEqual(mistakesAboutStartedWaves([CANARY, TENTH, EVERYONE], begun, DEPENDED_ON), []);
  });

  it("taken out: refused, with its name, how many it has taken, and the ways out", () => {
    const [mistake, ...others] = mistakesAboutStartedWaves([TENTH, EVERYONE], begun, DEPENDED_ON);
    assert.deepEqual(others, []);
    assert.equal(mistake?.path, "licensing:waves");
    assert.match(
      mistake.message,
      /^wave canary has taken 2 users and is no longer in the stack file\. Put it back under its name/,
    );
    assert.match(mistake.message, /rollback: true/);
  });

  it("renamed: the new name is asked about", () => {
    const [mistake] = mistakesAboutStartedWaves([wave("pilot", count(2)), TENTH, EVERYONE], begun, DEPENDED_ON);
    assert.match(mistake?.message ?? "", /is no longer in the stack file \(now pilot\?\)\./);
  });

  it("with two unknown waves nothing is guessed", () => {
    const [mistake] = mistakesAboutStartedWaves(
      [TENTH, wave("a", count(2)), wave("b", percent(100))],
      begun,
      DEPENDED_ON,
    );
    assert.match(mistake?.message ?? "", /is no longer in the stack file\. Put it back/);
  });

  it("a wave that was done without a user counts too: its row is protected all the same", () => {
    const empty = record({ canary: { doneAtMs: 1_000 }, everyone: {} });
    assert.match(
      mistakesAboutStartedWaves([EVERYONE], empty, DEPENDED_ON)[0]?.message ?? "",
      /^wave canary has taken 0 users/,
    );
  });

  it("a wave that has not begun may go, or get another name", () => {
    assert.deepEqual(mistakesAboutStartedWaves([CANARY, TENTH], begun, DEPENDED_ON), []);
    assert.deepEqual(mistakesAboutStartedWaves([CANARY, TENTH, wave("rest", percent(100))], begun, DEPENDED_ON), []);
  });

  it("a wave that has not begun and is put before one that has: it would run past the others' soak", () => {
    const [mistake, ...others] = mistakesAboutStartedWaves([CANARY, EVERYONE, TENTH], begun, DEPENDED_ON);
    assert.deepEqual(others, []);
    assert.equal(mistake?.path, "licensing:waves[1]");
    assert.match(
      mistake.message,
      /^wave everyone has not begun and stands before tenth, which has:.*Put it behind them\.$/,
    );
    assert.deepEqual(paths([wave("new", count(1)), CANARY, TENTH, EVERYONE], begun, DEPENDED_ON), [
      "licensing:waves[0]",
    ]);
  });

  it("a wave that is only to be put back may stand anywhere, and waves that have begun in any order", () => {
    assert.deepEqual(
      paths([wave("new", count(1), { rollback: true }), TENTH, CANARY, EVERYONE], begun, DEPENDED_ON),
      [],
    );
  });

  it("while no user depends on the groups, waves may be made anew", () => {
    assert.deepEqual(mistakesAboutStartedWaves([wave("new", percent(100))], begun, []), []);
  });
});
