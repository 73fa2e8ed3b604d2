import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "mocha";
import { slowestFiles } from "../../dev/test/slowest";
import { closingLines } from "../../dev/test/tally";
import { honestTally } from "../../dev/test/tests";
import { createFakeMachine } from "./fake-machine";

describe("the closing lines of a test run", () => {
  const ends = [
    { tally: { passed: 3, failed: 0, failures: [], skipped: 0, reasons: [] }, lines: "3 passed, 0 failed" },
    {
      tally: { passed: 3, failed: 1, failures: ["a test: 1 !== 2"], skipped: 2, reasons: [] },
      lines: "    ✘ a test: 1 !== 2\n2 skipped\n3 passed, 1 failed",
    },
    {
      tally: { passed: 3, failed: 0, failures: [], skipped: 2, reasons: ["a"] },
      lines: "2 skipped\n    a\n3 passed, 0 failed",
    },
  ];
  for (const { tally, lines } of ends) {
    it(`are ${JSON.stringify(lines)}`, () => {
      assert.equal(closingLines(tally), lines);
    });
  }

  const runs = [
    {
      run: "all passed",
      code: 0,
      reported: { passed: 5, failed: 0, failures: [], skipped: 0, reasons: [] },
      failed: 0,
    },
    {
      run: "two failed",
      code: 2,
      reported: { passed: 5, failed: 2, failures: ["a", "b"], skipped: 0, reasons: [] },
      failed: 2,
    },
    { run: "a test file can't be loaded", code: 1, reported: undefined, failed: 1 },
    {
      run: "mocha was killed after its tests",
      code: null,
      reported: { passed: 5, failed: 0, failures: [], skipped: 0, reasons: [] },
      failed: 1,
    },
    { run: "mocha ended well without a word", code: 0, reported: undefined, failed: 1 },
  ];
  for (const { run, code, reported, failed } of runs) {
    it(`counts ${failed} failed when ${run}`, () => {
      assert.equal(honestTally(code, reported).failed, failed);
    });
  }
});

describe("--slowest", () => {
  it("names the files with the longest tests and hooks, and the total", () => {
    assert.deepEqual(slowestFiles({ "/p/test/a.test.ts": 1_200, "/p/test/b.test.ts": 30_000 }, "/p").slice(2), [
      "    30.0 s  test/b.test.ts",
      "     1.2 s  test/a.test.ts",
      "    31.2 s  all 2 files",
    ]);
  });

  it("is counted by the reporter, and so is why a test is skipped", () => {
    const machine = createFakeMachine();
    try {
      const root = join(__dirname, "..", "..");
      const skipped = JSON.stringify(join(root, "dev", "test", "skipped.ts"));
      const file = machine.file(
        "one.test.cjs",
        `const { skipFor } = require(${skipped});
        describe("one", () => {
          before((done) => void setTimeout(done, 150));
          it("passes", () => undefined);
          it("is skipped", function () { skipFor(this, "no moon (yet)"); });
          it("fails", () => { throw new Error("one\\ntwo"); });
        });
        describe("two", () => {
          before(function () { skipFor(this, "no sun"); });
          it("is skipped, too", () => { throw new Error("it ran"); });
        });`,
      );
      const end = "\n    ✘ one fails: one\n2 skipped\n    no moon yet\n    no sun\n1 passed, 1 failed\n";
      for (const way of ["--parallel", "--no-parallel"]) {
        const words = [join("dev", "run.cjs"), join("dev", "test.ts"), way, file, "--slowest"];
        const { stdout } = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
        assert.match(stdout, /\n {5}0\.[1-9] s {2}.*one\.test\.cjs\n/);
        assert.ok(stdout.endsWith(end), stdout);
      }
    } finally {
      machine.remove();
    }
  }).timeout(60_000);
});

describe("the last lines of CI, which runs both test commands", () => {
  const runs = [
    { quick: "echo 12 passed, 0 failed", slow: "echo 3 passed, 0 failed", lines: "15 passed, 0 failed", code: 0 },
    {
      quick: "echo 2 skipped; echo '    a reason'; echo 12 passed, 0 failed",
      slow: "echo 1 skipped; echo 3 passed, 0 failed",
      lines: "3 skipped\n15 passed, 0 failed",
      code: 0,
    },
    {
      quick: "echo '    ✘ a test: why'; echo 12 passed, 1 failed; exit 1",
      slow: "echo 3 passed, 0 failed",
      lines: "    ✘ a test: why\n15 passed, 1 failed",
      code: 1,
    },
    { quick: "echo 12 passed, 0 failed", slow: "echo it broke; exit 1", lines: "12 passed, 1 failed", code: 1 },
  ];
  for (const { quick, slow, lines, code } of runs) {
    it(`are ${JSON.stringify(lines)} after \`${quick}\` and \`${slow}\``, () => {
      const machine = createFakeMachine();
      try {
        machine.program("npm", `if [ "$*" = test ]; then ${quick}; else ${slow}; fi`);
        const ci = join(__dirname, "..", "..", ".ci", "run");
        const env = { ...machine.env, PATH: `${machine.env["PATH"] ?? ""}:/usr/bin:/bin` };
        const { stdout, status } = spawnSync("bash", [ci], { env, encoding: "utf8" });
        assert.ok(stdout.endsWith(`\n\nboth:\n${lines}\n`), stdout);
        assert.equal(status, code);
      } finally {
        machine.remove();
      }
    });
  }
});
