import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { CHECKS, controlOf, CONTROLS } from "./checks";
import type { Noticed } from "./run-without";

const ROOT = resolve(__dirname, "..", "..");
const PROCESSES = 2;

describe("each safety check matters: without it a test fails", function () {
  // The tests of 118 checks take minutes on a busy machine.
  this.timeout(1_200_000);
  const noticed = new Map<string, string | null>();
  let errors = "";

  before(async () => {
    const names = [...CHECKS.map(({ name }) => name), ...CONTROLS.map(controlOf)];
    const shares = Array.from({ length: PROCESSES }, (_, at) =>
      names.filter((_name, number) => number % PROCESSES === at),
    );
    const outputs = await Promise.all(shares.map(runWithout));
    for (const { out, err } of outputs) {
      errors += err;
      for (const line of out.split("\n").filter((each) => each.startsWith("{"))) {
        const { name, by } = JSON.parse(line) as Noticed;
        noticed.set(name, by);
      }
    }
  });

  for (const name of CONTROLS.map(controlOf)) {
    it(name, () => {
      assert.equal(noticed.get(name), null, errors);
    });
  }

  for (const { name } of CHECKS) {
    it(name, () => {
      const by = noticed.get(name);
      assert.notEqual(by, undefined, `it was not tried:\n${errors}`);
      assert.notEqual(by, null, "its tests pass without it: write the one that is missing");
    });
  }
});

/** The tests without some of the checks, in a process of their own. */
function runWithout(names: readonly string[]): Promise<{ readonly out: string; readonly err: string }> {
  return new Promise((done, fail) => {
    const words = ["--require", "./dev/typescript.cjs", join(__dirname, "run-without.ts"), ...names];
    const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("error", fail);
    child.on("close", () => {
      done({ out, err });
    });
  });
}
