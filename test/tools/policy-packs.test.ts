import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Engine } from "../../cli/engine/record.mjs";
import { withPolicyPacks } from "../../cli/engine/policy-packs";
import { createFakeMachine, type FakeMachine } from "./fake-machine";

describe("policy packs", () => {
  let machine: FakeMachine;
  let engine: Engine;
  beforeEach(() => {
    machine = createFakeMachine();
    const binary = machine.program("pulumi", "", "engine");
    engine = { binary, pathFolders: [dirname(binary)], version: "3.255.0", source: "build" };
    machine.file(
      "my pack/PulumiPolicy.yaml",
      "description: mine\nruntime:\n  name: nodejs\n  options: {typescript: false}\n",
    );
  });
  afterEach(() => {
    machine.remove();
  });

  const given = (words: readonly string[], source: Engine["source"] = "build") =>
    withPolicyPacks({ ...engine, source }, words, machine.home, machine.home);

  it("are left to an engine that a person installed or Pulumi built", () => {
    const words = ["preview", "--policy-pack", "my pack"];
    assert.deepEqual(given(words, "path"), words);
    assert.deepEqual(given(words, "download"), words);
  });

  it("are shown to the engine that set-up builds by a stand-in without a language host", () => {
    for (const words of [
      ["preview", "--policy-pack", "my pack", "--diff"],
      ["preview", `--policy-pack=${join(machine.home, "my pack")}`, "--diff"],
    ]) {
      const translated = given(words);
      const folder = translated.find((word) => word.endsWith("my pack"))?.replace("--policy-pack=", "") ?? "";
      assert.notEqual(folder, "my pack");
      assert.equal(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8"), "description: mine\nruntime: nodepack\n");
      assert.equal(translated.length, words.length);
      assert.deepEqual([translated[0], translated.at(-1)], ["preview", "--diff"]);
    }
  });

  it("are started in their own folder, with the engine's words, by the script of the SDK", () => {
    const folder = given(["up", "--policy-pack", "my pack"])[2] ?? "";
    machine.program("pulumi-analyzer-policy", 'echo "$(pwd): $*"', "engine");
    const script = join(dirname(engine.binary), "pulumi-analyzer-policy-nodepack");
    const env = { PATH: [dirname(engine.binary), "/usr/bin", "/bin"].join(delimiter) };
    const said = execFileSync(script, ["127.0.0.1:1", "."], { cwd: folder, env, encoding: "utf8" });
    assert.equal(said, `${join(machine.home, "my pack")}: 127.0.0.1:1 .\n`);
  });

  it("of another language, or that are not there, are the engine's own matter", () => {
    machine.file("python/PulumiPolicy.yaml", "runtime: python\n");
    for (const pack of ["python", "nowhere"]) {
      const words = ["preview", "--policy-pack", pack];
      assert.deepEqual(given(words), words);
    }
    assert.ok(!existsSync(join(dirname(engine.binary), "pulumi-analyzer-policy-nodepack")));
  });
});
