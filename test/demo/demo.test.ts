import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";

const projectRoot = join(__dirname, "..", "..");
const stackFile = join(projectRoot, "stacks", "Pulumi.demo.yaml");

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** As `npm run demo` starts it, with no terminal and a folder of its own for what is temporary. */
function startDemo(temporary: string) {
  const child = spawn(process.execPath, ["dev/run.cjs", "cli/main.ts", "demo"], {
    cwd: projectRoot,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, output });
    });
  });
  const says = (words: string) =>
    new Promise<void>((resolve) => {
      child.stdout.on("data", () => {
        if (output.includes(words)) resolve();
      });
    });
  return { child, ended, says };
}

/** The cells of the row of the closing table that begins with these words. */
function cells(output: string, row: string): readonly string[] {
  const line = output.split("\n").find((each) => each.startsWith(`│ ${row} `));
  assert.ok(line !== undefined, `no row "${row}" in:\n${output}`);
  return line
    .split("│")
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe("the demo", function () {
  this.timeout(300_000);
  let temporary: string;
  let committed: string;

  before(() => {
    temporary = mkdtempSync(join(tmpdir(), "demo-test-"));
    committed = readFileSync(stackFile, "utf8");
  });

  after(() => {
    rmSync(temporary, { recursive: true, force: true });
  });

  it("goes the whole way, and no user loses a service", async () => {
    const { code, output } = await startDemo(temporary).ended;

    assert.equal(code, 0, output);
    assert.deepEqual(cells(output, "assigned directly"), ["1,000 → 0", "200 → 0", "1,200 → 0"]);
    assert.deepEqual(cells(output, "inherited from a group"), ["0 → 1,000", "0 → 200", "0 → 1,200"]);
    assert.deepEqual(cells(output, "seats in use"), ["1,000 → 1,000", "200 → 200", "1,200 → 1,200"]);
    assert.deepEqual(cells(output, "direct assignments removed"), ["1,000", "200", "1,200"]);
    assert.deepEqual(cells(output, "services ever lost"), ["", "", "0"]);
    assert.deepEqual(cells(output, "users ever without service"), ["", "", "0"]);
    for (const words of [
      "remove 25 direct assignments from 20 users",
      "canary: removed 25 direct assignments",
      "tenth: removed 92 direct assignments",
      "everyone: removed 1,083 direct assignments",
      "16 unchanged",
    ]) {
      assert.ok(output.includes(words), `"${words}" is not in:\n${output}`);
    }
    assert.deepEqual(readdirSync(temporary), []);
    assert.equal(readFileSync(stackFile, "utf8"), committed);
  });

  it("clears up when it is stopped", async () => {
    const { child, ended, says } = startDemo(temporary);
    await says("$ pulumi preview");
    child.kill("SIGTERM");
    const { code, output } = await ended;

    assert.equal(code, 130, output);
    assert.match(output, /Stopped before the end \(SIGTERM\)/);
    assert.deepEqual(readdirSync(temporary), []);
    assert.equal(readFileSync(stackFile, "utf8"), committed);
  });
});
