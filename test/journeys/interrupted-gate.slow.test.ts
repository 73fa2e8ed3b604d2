import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { journeyOf, seedStackFile } from "./journey";
import { mixedTenant } from "./mixed-tenant";

const WITHIN_MS = 10_000;
/** Entra leaves the group in its queue for so long. */
const QUEUE_MS = 2 * WITHIN_MS;

describe("journey: Ctrl-C while the gate waits for Entra", function () {
  this.timeout(120_000);

  const journey = journeyOf(
    () => ({ tenant: mixedTenant(), processing: { queueMs: QUEUE_MS, joinMs: 100 } }),
    seedStackFile,
  );

  it("ends the run within seconds, with the gate's row in the state", async () => {
    const { stack } = journey;
    const command = stack.words(["up", "--yes", "--skip-preview"]);
    // In a process group of its own, as a shell starts what is typed.
    const child = spawn("npm", ["run", "pulumi", "--", ...command], {
      cwd: join(__dirname, "../.."),
      env: stack.environment,
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    let pressedMs = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      if (pressedMs > 0 || !chunk.includes("waiting for Entra")) return;
      pressedMs = Date.now();
      process.kill(-(child.pid ?? NaN), "SIGINT");
    });
    const said = await text(child.stdout);
    assert(pressedMs > 0, said);
    const tookMs = Date.now() - pressedMs;
    assert(tookMs < WITHIN_MS, `${tookMs} ms\n${said}`);
    assert.match(said, /Stopped while waiting for Finance department: QueuedForProcessing: the run was interrupted/);
    assert.equal((await journey.state()).gate.verified["finance"]?.processingState, "QueuedForProcessing");
  });

  it("and the next up goes on, with nothing to clear", async () => {
    const said = await journey.up();
    assert.doesNotMatch(said.text, /pending CREATE|interrupted/i);
    assert.equal((await journey.state()).gate.verified["finance"]?.processingState, "ProcessingComplete");
    assert.deepEqual(journey.emulator.history.losses(), []);
  });
});
