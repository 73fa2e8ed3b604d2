import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it } from "mocha";
import { engineEnvironment, type Engine } from "../../cli/engine/locate";

/** Its place does not matter here. */
const ENGINE: Engine = { source: "path", binary: "pulumi", pathFolders: [], version: "3.255.0" };

const projectRoot = join(__dirname, "..", "..");

/** The output of a process that the engine starts, with our quick start or as Pulumi starts it by itself. */
function said(program: string, isOurs = true, args: readonly string[] = []): string {
  const { NODE_OPTIONS } = isOurs ? engineEnvironment({ NODE_OPTIONS: "--no-warnings" }, ENGINE) : {};
  const env = { ...process.env, NODE_OPTIONS: NODE_OPTIONS ?? "--no-warnings" };
  return execFileSync(process.execPath, ["--eval", program, ...args], {
    cwd: projectRoot,
    env,
    encoding: "utf8",
  }).trim();
}

describe("the start of a process of the engine", function () {
  this.timeout(120_000);

  it("loads neither the TypeScript compiler nor what installs packages", () => {
    const heavy = `
      require("@pulumi/pulumi");
      const isHeavy = ({ filename, exports }) =>
        /typescript[.]js$|@npmcli.arborist/.test(filename) && !require("node:util").types.isProxy(exports);
      console.log(Object.values(require.cache).filter(isHeavy).length);`;
    // Pulumi by itself loads them: when it no longer does, the quick start can go.
    assert.notEqual(said(heavy, false), "0");
    assert.equal(said(heavy), "0");
  });

  it("lets Pulumi serialise a function all the same, and list the packages", () => {
    const program = `
      const { runtime } = require("@pulumi/pulumi");
      const seven = 7;
      runtime.serializeFunction(() => seven).then(({ text }) => console.log(text));
      runtime.computeCodePaths().then((paths) => console.log(paths.size));`;
    const text = said(program);
    assert.match(text, /seven: 7/);
    assert.match(text, /^\d+$/m);
    assert.equal(text.split("\n").sort().join("\n"), said(program, false).split("\n").sort().join("\n"));
  });

  it("starts no compiler for our program, which is JavaScript, and leaves other programs as they are", () => {
    const program = "console.log(process.env.PULUMI_NODEJS_TYPESCRIPT)";
    assert.equal(said(program, true, ["index.cjs"]), "false");
    assert.equal(said(program, true, ["index.ts"]), "undefined");
  });
});

describe("the program's process", () => {
  it("ends when its output is closed, as after a kill of the engine, instead of looping for ever", async () => {
    const program = `
      require("./index.cjs");
      process.on("uncaughtException", ({ message }) => console.log(message));
      setInterval(() => console.log("word ".repeat(2_000)), 10);`;
    const child = spawn(process.execPath, ["--eval", program], {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout.once("data", () => child.stdout.destroy());
    assert.deepEqual(await once(child, "exit"), [1, null]);
  }).timeout(60_000);
});
