import assert from "node:assert/strict";
import { existsSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { withLock } from "../../dev/setup/lock.mjs";
import { createFakeMachine, type FakeMachine } from "./fake-machine";
import { said } from "./said";

describe("the lock of set-up", () => {
  let machine: FakeMachine;
  let file: string;
  beforeEach(() => {
    machine = createFakeMachine();
    file = join(machine.home, "locks", "lock");
  });
  afterEach(() => {
    machine.remove();
  });

  it("lets one work after the other, and is gone at the end", async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} starts`);
      await new Promise(setImmediate);
      events.push(`${name} ends`);
    };
    const both = () => Promise.all([withLock(file, "it", work("first")), withLock(file, "it", work("second"))]);
    assert.match(await said(both), /it is being set up by another process/);
    assert.deepEqual(events, ["first starts", "first ends", "second starts", "second ends"]);
    assert.ok(!existsSync(file));
  });

  it("is gone too when the work fails", async () => {
    await assert.rejects(
      withLock(file, "it", () => Promise.reject(new Error("no disk"))),
      /no disk/,
    );
    assert.ok(!existsSync(file));
  });

  /** Above every real process id. */
  const nobody = 2 ** 30;
  const left = [
    { holder: "a process that is gone", content: `${hostname()} ${nobody}`, ageMs: 0 },
    { holder: "another machine that is silent for a minute", content: `elsewhere ${process.pid}`, ageMs: 60_000 },
  ];
  for (const { holder, content, ageMs } of left) {
    it(`is taken over from ${holder}`, async () => {
      machine.file("locks/lock", content);
      const then = new Date(Date.now() - ageMs);
      utimesSync(file, then, then);
      assert.equal(await withLock(file, "it", () => Promise.resolve("done")), "done");
    });
  }
});
