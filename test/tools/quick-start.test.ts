import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "mocha";

const projectRoot = join(__dirname, "..", "..");

/** What a program prints in a process that the engine starts. */
function printed(program: string): unknown {
  const quickStart = join(projectRoot, "cli", "engine", "quick-start.cjs");
  const words = ["--require", quickStart, "--print", `JSON.stringify((() => { ${program} })())`];
  return JSON.parse(execFileSync(process.execPath, words, { cwd: projectRoot, encoding: "utf8" }));
}

describe("a process that the engine starts", () => {
  it("loads messages of mistakes in English alone, and those in other languages when they are asked for", () => {
    const [message, before, german] = printed(`
      const { z } = require("zod");
      const message = z.string().safeParse(3).error.issues[0].message;
      const before = Object.keys(require.cache).filter((file) => /locales.de\\.cjs$/.test(file)).length;
      return [message, before, typeof z.locales.de];`) as [string, number, string];
    assert.match(message, /expected string, received number/);
    assert.deepEqual([before, german], [0, "function"]);
  });

  it("loads Pulumi without a compiler", () => {
    const compilers = printed(`
      require("@pulumi/pulumi");
      return Object.keys(require.cache).filter((file) => /arborist.lib.arborist.(build|reify)/.test(file));`);
    assert.deepEqual(compilers, []);
  });

  it("loads what Pulumi needs for functions and plugins when it is used", () => {
    const [before, name] = printed(`
      require("@pulumi/pulumi");
      const ofPulumi = require("node:module").createRequire(require.resolve("@pulumi/pulumi"));
      const before = Object.keys(require.cache).filter((file) => /spdx-correct|hosted-git-info/.test(file));
      const normalized = { name: "some", version: "1.0.0" };
      // As Pulumi's compiled code does.
      ofPulumi("normalize-package-data").default(normalized);
      return [before, [normalized._id, ofPulumi("js-yaml").load("a: 1").a]];`) as [string[], unknown];
    assert.deepEqual([before, name], [[], ["some@1.0.0", 1]]);
  });

  it("loads no sign-in and no HTTP for the providers before one of them asks Graph", () => {
    const clients = printed(`
      require("entra-group-licensing/providers");
      return Object.keys(require.cache).filter((file) => /node_modules.(@azure|@microsoft)/.test(file));`);
    assert.deepEqual(clients, []);
  });

  it("gives the place in the TypeScript for a mistake in the program, and none for the stacks that Pulumi only notes", () => {
    const [mistake, noted] = printed(`
      require("source-map-support/register");
      const program = require("./index.cjs");
      require("@pulumi/pulumi").runtime.allConfig = () => { throw new Error("a mistake"); };
      try { program() } catch ({ stack }) { return [stack, new Error().stack] }`) as [string, string];
    assert.match(mistake, /^Error: a mistake\n[^]*[/\\]index\.ts:\d+:\d+/);
    assert.equal(noted, "Error");
  });
});
