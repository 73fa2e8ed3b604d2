import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, it } from "mocha";

/** Tests with an unwatched embedded Graph, and why. Those of the demo and of a rehearsal run in processes of their own. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "contract/watched-emulator.ts": "it is the watch",
  "journeys/journey.ts": "it watches by itself, because a journey ends in an order of its own",
  "rehearsal/closed-process.test.ts": "it looks at an environment, and sends no request",
  "providers/rig.ts": "it watches by itself, before each tenant that is put in place of another",
  "journeys/package.slow.test.ts":
    "a program outside the checkout starts one from the packed file, beside the watched one",
};

const TESTS = join(__dirname, "..");

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : path.endsWith(".ts") ? [path] : [];
  });
}

describe("the contract of Graph v1.0, in the tests", () => {
  it("is watched in each embedded Graph that a test starts, but for the named exceptions", () => {
    const unwatched = filesUnder(TESTS)
      .filter((file) => /(createEmulator|openEmbedded)\(/.test(readFileSync(file, "utf8")))
      .map((file) => relative(TESTS, file));
    assert.deepEqual([...unwatched].sort(), Object.keys(EXCEPTIONS).sort());
  });

  it("is switched off by no rig", () => {
    const off = filesUnder(TESTS)
      .filter((file) => readFileSync(file, "utf8").includes("onExchange: () => undefined"))
      .map((file) => relative(TESTS, file));
    assert.deepEqual(off, ["contract/everywhere.test.ts"]);
  });
});
