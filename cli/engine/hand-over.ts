import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineEnvironment, type Engine } from "./locate";
import { withPolicyPacks } from "./policy-packs";

const orphanPollMs = 500;

/**
 * Runs the engine in place of this process: same terminal, arguments, environment and folder. This process then exits with the
 * engine's exit code or signal.
 */
export function handOver(engine: Engine, words: readonly string[], cwd: string): void {
  // Handlers are installed before the engine starts, so that no signal can end this process and leave the engine behind.
  const seen = new Set<NodeJS.Signals>();
  const interruptedFile = join(tmpdir(), `entra-group-licensing-${randomUUID()}.interrupted`);
  // The terminal sends Ctrl-C to the engine directly. Do not forward it: the engine takes a second one as "stop at once, even
  // with operations in flight". So this process only has to survive it.
  process.on("SIGINT", (signal) => {
    seen.add(signal);
    mark(interruptedFile);
  });
  // These signals reach only this process, possibly twice because npm forwards them. Forward each once.
  const passOnOnce = (signal: NodeJS.Signals): void => {
    if (!seen.has(signal)) child.kill(signal);
    seen.add(signal);
    mark(interruptedFile);
  };
  process.on("SIGTERM", passOnOnce);
  process.on("SIGHUP", passOnOnce);
  // npm's shell may die of a signal without forwarding it. When the parent is gone, stop the engine.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && seen.size === 0) passOnOnce("SIGTERM");
  }, orphanPollMs).unref();

  const child = spawn(engine.binary, withPolicyPacks(engine, words, cwd), {
    cwd,
    // The engine never tells a dynamic provider of Ctrl-C: a wait that only reads looks for this file.
    env: { ...engineEnvironment(process.env, engine), LICENSING_INTERRUPTED_FILE: interruptedFile },
    stdio: "inherit",
  });
  child.on("error", (error) => {
    process.stderr.write(`${engine.binary} can't be run: ${error.message}\n`);
    process.exitCode = 126;
  });
  child.on("close", (code, signal) => {
    rmSync(interruptedFile, { force: true });
    if (signal === null) {
      process.exitCode = code ?? 1;
    } else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

/** Without the file, as on a full disk, the wait goes on until its own time is over, as it does for a run without this wrapper. */
function mark(interruptedFile: string): void {
  try {
    writeFileSync(interruptedFile, "");
  } catch {
    return;
  }
}
