import assert from "node:assert/strict";
import { oneAfterTheOther } from "../../dynamic-providers/group-change/in-turn";

describe("one piece of work after the other", () => {
  it("begins when the one before it has ended, in the order of asking, and gives back its own result", async () => {
    const inTurn = oneAfterTheOther();
    const happened: string[] = [];
    const work = (name: string, ticks: number) => async () => {
      happened.push(`${name} begins`);
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      happened.push(`${name} ends`);
      return name;
    };
    assert.deepEqual(await Promise.all([inTurn(work("long", 20)), inTurn(work("short", 0))]), ["long", "short"]);
    assert.deepEqual(happened, ["long begins", "long ends", "short begins", "short ends"]);
  });

  it("goes on after one that fails", async () => {
    const inTurn = oneAfterTheOther();
    const [failed, next] = await Promise.allSettled([
      inTurn(() => Promise.reject(new Error("no"))),
      inTurn(() => Promise.resolve("yes")),
    ]);
    assert.equal(failed.status, "rejected");
    assert.deepEqual(next, { status: "fulfilled", value: "yes" });
  });
});
