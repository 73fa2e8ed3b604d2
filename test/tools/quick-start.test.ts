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
});
