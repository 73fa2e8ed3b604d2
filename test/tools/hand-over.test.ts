import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Engine } from "../../cli/engine/record.mjs";
import { createFakeMachine, type FakeMachine } from "./fake-machine";

const module_ = join(__dirname, "..", "..", "cli", "engine", "hand-over.ts");

describe("npm run pulumi", () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = createFakeMachine();
  });
  afterEach(() => {
    machine.remove();
  });

  it("passes the words on as they are, and ends with the engine's exit code", async () => {
    machine.program("pulumi", 'for word in "$@"; do echo "<$word>"; done; exit 42');
    const wrapper = start(["config", "set", "two words", "$HOME", ""]);
    const output = await text(wrapper.stdout);
    assert.equal(output, "<config>\n<set>\n<two words>\n<$HOME>\n<>\n");
    assert.deepEqual(await ended(wrapper), { code: 42, signal: null });
  });

  it("gives the engine the caller's environment and the project's folder", async () => {
    machine.program("pulumi", 'echo "$PULUMI_STACK in $(pwd)"');
    machine.env["PULUMI_STACK"] = "demo";
    assert.equal(await text(start([]).stdout), `demo in ${machine.home}\n`);
  });

  it("outlives the engine on Ctrl-C, and lets it come once", async () => {
    machine.program(
      "pulumi",
      `trap 'count=$((count + 1))' INT; ${waitUntilSignalled}; sleep 0.3; echo "INT $count"; exit 7`,
    );
    const wrapper = start([]);
    const output = text(wrapper.stdout);
    await once(wrapper.stdout, "data");
    process.kill(-(wrapper.pid ?? NaN), "SIGINT"); // what a terminal does: to all that run in the foreground
    assert.match(await output, /INT 1\n$/);
    assert.deepEqual(await ended(wrapper), { code: 7, signal: null });
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`makes the file that waits look for on ${signal}, and takes it away in the end`, async () => {
      machine.program(
        "pulumi",
        `trap ':' INT TERM; [ -e "$LICENSING_INTERRUPTED_FILE" ] && echo early; echo "$LICENSING_INTERRUPTED_FILE"; ` +
          `${upTo100Times} && ! [ -e "$LICENSING_INTERRUPTED_FILE" ]; do sleep 0.05; done; [ $i -lt 100 ] && echo seen`,
      );
      const wrapper = start([]);
      const output = text(wrapper.stdout);
      await once(wrapper.stdout, "data");
      process.kill(signal === "SIGINT" ? -(wrapper.pid ?? NaN) : (wrapper.pid ?? NaN), signal);
      const [file = "", ...more] = (await output).trim().split("\n");
      assert.deepEqual(more, ["seen"]);
      await ended(wrapper);
      assert.equal(existsSync(file), false);
    });
  }

  it("passes on once what comes to it alone", async () => {
    machine.program(
      "pulumi",
      `trap 'count=$((count + 1))' TERM; ${waitUntilSignalled}; sleep 0.3; echo "TERM $count"; exit 8`,
    );
    const wrapper = start([]);
    const output = text(wrapper.stdout);
    await once(wrapper.stdout, "data");
    wrapper.kill("SIGTERM");
    wrapper.kill("SIGTERM");
    assert.match(await output, /TERM 1\n$/);
    assert.deepEqual(await ended(wrapper), { code: 8, signal: null });
  });

  it("ends by the signal that ended the engine", async () => {
    machine.program("pulumi", "kill -KILL $$");
    assert.deepEqual(await ended(start([])), { code: null, signal: "SIGKILL" });
  });

  // Counts without `seq`, which the signal to the process group could end before the first round.
  const upTo100Times = "i=0; while i=$((i + 1)); [ $i -lt 100 ]";
  const waitUntilSignalled = `count=0; echo ready; ${upTo100Times} && [ "$count" = 0 ]; do sleep 0.05; done`;

  /** The wrapper in a process group of its own, as a shell starts what is typed. */
  function start(words: readonly string[]): ChildProcessByStdio<null, Readable, null> {
    const engine: Engine = {
      binary: join(machine.home, "path", "pulumi"),
      pathFolders: [],
      version: "0",
      source: "path",
    };
    const program = `require(${JSON.stringify(module_)}).handOver(${[engine, words, machine.home].map((value) => JSON.stringify(value)).join()})`;
    return spawn(process.execPath, ["--require", require.resolve("../../dev/typescript.cjs"), "--eval", program], {
      env: machine.env,
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
  }

  async function ended(wrapper: ChildProcessByStdio<null, Readable, null>): Promise<object> {
    if (wrapper.exitCode === null && wrapper.signalCode === null) await once(wrapper, "exit");
    return { code: wrapper.exitCode, signal: wrapper.signalCode };
  }
});
