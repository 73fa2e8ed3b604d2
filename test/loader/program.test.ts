import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it } from "mocha";
import { engineEnvironment, type Engine } from "../../cli/engine/locate";

/** Where it is does not matter here. */
const ENGINE: Engine = { source: "path", binary: "pulumi", pathFolders: [], version: "3.255.0" };

const projectRoot = join(__dirname, "..", "..");

/** What the process of a program says, which has loaded Pulumi behind our loader, or alone. */
function said(program: string, isOurs = true): string {
  const ours = isOurs ? ["--require", "./loader/program.cjs"] : [];
  return execFileSync(process.execPath, [...ours, "--eval", `const pulumi = require("@pulumi/pulumi"); ${program}`], {
    cwd: projectRoot,
    env: { ...process.env, NODE_OPTIONS: "" },
    encoding: "utf8",
  }).trim();
}

describe("the start of the program", function () {
  this.timeout(120_000);

  it("loads neither the TypeScript compiler nor what installs packages", () => {
    const heavy = `console.log(Object.keys(require.cache).filter((file) => /typescript.js$|arborist.index/.test(file)).length)`;
    // Pulumi by itself does: when it no longer does, our own part in it can go.
    assert.notEqual(said(heavy, false), "0");
    assert.equal(said(heavy), "0");
  });

  it("nor does that of the providers, as the engine is told to start it", () => {
    const { NODE_OPTIONS } = engineEnvironment({ NODE_OPTIONS: "--no-warnings" }, ENGINE);
    assert.match(NODE_OPTIONS ?? "", /^--no-warnings --require "/);
    const program = `
      require("@pulumi/pulumi/runtime");
      console.log(Object.keys(require.cache).filter((file) => /typescript.js$|arborist.index/.test(file)).length);`;
    const words = ["--eval", program];
    const env = { ...process.env, NODE_OPTIONS };
    assert.equal(execFileSync(process.execPath, words, { cwd: projectRoot, env, encoding: "utf8" }).trim(), "0");
  });

  it("leaves Pulumi the functions that it has without", () => {
    const functions = `
      for (const name of ["serializeClosure", "codePaths", "v8Hooks"])
        console.log(Object.keys(require("@pulumi/pulumi/runtime/closure/" + name)).sort().join());
      console.log(pulumi.automation.LocalWorkspace.create.length, pulumi.automation.isUnknown);`;
    assert.equal(said(functions), said(functions, false));
  });

  it("lets Pulumi write a function down all the same", () => {
    const write = `
      const seven = 7;
      pulumi.runtime.serializeFunction(() => seven).then(({ text }) => console.log(text));`;
    assert.match(said(write), /seven: 7/);
  });

  it("ends when no reader is left, as after a kill of the engine, and does not loop", async () => {
    const program = `
      process.on("uncaughtException", ({ message }) => console.log(message));
      setInterval(() => console.log("word ".repeat(2_000)), 10);`;
    const words = ["--require", "./loader/program.cjs", "--eval", program];
    const child = spawn(process.execPath, words, { cwd: projectRoot, stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.once("data", () => child.stdout.destroy());
    assert.deepEqual(await once(child, "exit"), [1, null]);
  });
});
