import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { build } from "../../dev/build.cjs";

const projectRoot = join(__dirname, "..", "..");
const NODE_MODULES = join(projectRoot, "node_modules");

describe("the build", function () {
  this.timeout(120_000);
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "entra-group-licensing-build-")));
    put("cli/answer.ts", 'import words from "./words.json";\nexport const answer: string = words.answer;\n');
    put("cli/words.json", '{ "answer": "one" }');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function put(file: string, text: string): void {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }

  const run = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

  /** What a new process gets. */
  function answerNow(): string {
    const script = `
      const { build } = require(${JSON.stringify(join(projectRoot, "dev", "build.cjs"))});
      console.log(require(build(process.cwd()) + "/cli/answer").answer);`;
    return run("--eval", script);
  }

  const builds = (): readonly string[] => readdirSync(join(root, ".build"));

  it("is made once, and anew when a source file, or a file that the code reads, has changed", () => {
    assert.equal(answerNow(), "one");
    assert.equal(answerNow(), "one");
    assert.equal(builds().length, 1);
    put("cli/words.json", '{ "answer": "two" }');
    assert.equal(answerNow(), "two");
    put("cli/answer.ts", 'export const answer: string = "three";\n');
    assert.equal(answerNow(), "three");
    assert.equal(builds().length, 3);
  });

  it("is made anew when a file is gone or renamed", () => {
    put("cli/other.ts", "export const other = 1;\n");
    const before = build(root);
    rmSync(join(root, "cli", "other.ts"));
    assert.notEqual(build(root), before);
    assert.ok(!existsSync(join(build(root), "cli", "other.js")));
  });

  it("stays where it is for a process that still loads files of it", () => {
    const before = build(root);
    put("cli/words.json", '{ "answer": "two" }');
    build(root);
    assert.equal(run("--print", `require(${JSON.stringify(join(before, "cli", "answer"))}).answer`), "one");
  });

  it("goes a day after a process last started with it, when the next one is made", () => {
    const old = build(root);
    put("cli/words.json", "{}");
    const used = build(root);
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 3600;
    for (const folder of [old, used]) utimesSync(folder, twoDaysAgo, twoDaysAgo);
    build(root);
    put("cli/words.json", "[]");
    const newest = build(root);
    assert.deepEqual(
      [old, used, newest].map((folder) => existsSync(folder)),
      [false, true, true],
    );
  });

  it("keeps the builds in use when a process makes the next one with a clock that is days ahead, as in a rehearsal", () => {
    const before = build(root);
    put("cli/words.json", '{ "answer": "two" }');
    const script = `
      const nowMs = Date.now() + 3 * 24 * 3_600_000;
      Date.now = () => nowMs;
      console.log(require(${JSON.stringify(join(projectRoot, "dev", "build.cjs"))}).build(process.cwd()));`;
    assert.ok([before, run("--eval", script)].every((folder) => existsSync(folder)));
  });

  it("is one for processes that start at the same time", async () => {
    const script = `require(${JSON.stringify(join(projectRoot, "dev", "build.cjs"))}).build(process.cwd())`;
    const all = [1, 2, 3, 4].map(() => spawn(process.execPath, ["--eval", script], { cwd: root, stdio: "ignore" }));
    assert.deepEqual(
      await Promise.all(all.map(async (child) => (await once(child, "exit"))[0] as unknown)),
      [0, 0, 0, 0],
    );
    assert.equal(builds().length, 1);
  });

  it("fails with the place of a mistake, and leaves nothing that looks like a build", () => {
    put("cli/answer.ts", "export const answer = ;\n");
    assert.throws(() => build(root), /cli.answer\.ts:1:22/);
    assert.ok(!existsSync(join(root, ".build")));
  });

  it("has neither tests nor developers' tools", () => {
    put("test/some.test.ts", "export {};\n");
    put("dev/tool.ts", "export {};\n");
    assert.deepEqual(readdirSync(build(root)), ["cli"]);
  });

  it("has the program in one file with all that it imports, and each of these by itself for others", () => {
    put("index.ts", 'import { answer } from "./cli/answer";\nexport const twice = answer + answer;\n');
    const folder = build(root);
    rmSync(join(folder, "cli", "words.json"));
    assert.equal(run("--print", `require(${JSON.stringify(join(folder, "index"))}).twice`), "oneone");
    assert.ok(existsSync(join(folder, "cli", "answer.js")));
  });

  it("names the lines of the TypeScript in a stack trace", () => {
    put(
      "cli/deep/fails.ts",
      "interface Gone {\n  readonly a: string;\n}\n\nexport const fail = (): Gone => {\n  throw new Error('here');\n};\n",
    );
    const maps = JSON.stringify(join(NODE_MODULES, "source-map-support", "register"));
    const script = `require(${maps}); try { require("${build(root)}/cli/deep/fails").fail() } catch ({ stack }) { console.log(stack) }`;
    const place = `${join(root, "cli", "deep", "fails.ts")}:6:9`;
    assert.ok(run("--eval", script).includes(place));
    put("index.ts", 'export { fail } from "./cli/deep/fails";\n');
    const bundled = script.replace(/"[^"]*\/cli\/deep\/fails"/, `"${build(root)}/index"`);
    assert.ok(run("--eval", bundled).includes(place));
  });
});

describe("a command of this project", () => {
  it("keeps no code in the folder for temporary files, which other users can make first", () => {
    const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-commands-"));
    try {
      const env = { ...process.env, TMPDIR: folder };
      execFileSync(process.execPath, ["dev/run.mjs", "cli/main.ts", "--help"], { cwd: projectRoot, env });
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(30_000);
});
