import { spawn } from "node:child_process";
import { engineEnvironment, type Engine } from "./locate";
import { withPolicyPacks } from "./policy-packs";

const orphanPollMs = 500;

/**
 * Lets the engine take this process's place, as far as Node can: same terminal, words, environment and folder, and
 * this process ends as the engine ends.
 */
export function handOver(engine: Engine, words: readonly string[], cwd: string): void {
  // The handlers stand before the engine starts, so that no signal can take this process away from above it.
  const seen = new Set<NodeJS.Signals>();
  // Ctrl-C reaches the engine without us: the terminal sends it to every process in the foreground. Sent on, it would
  // come twice, and the engine takes the second one for "stop at once, whatever is in flight". So we only outlive it.
  process.on("SIGINT", (signal) => seen.add(signal));
  // These come to us alone. Once is enough: npm passes on what it gets, and may have been sent the same.
  const passOnOnce = (signal: NodeJS.Signals): void => {
    if (!seen.has(signal)) child.kill(signal);
    seen.add(signal);
  };
  process.on("SIGTERM", passOnOnce);
  process.on("SIGHUP", passOnOnce);
  // A shell that npm starts us in may die of a signal and tell us nothing; then nobody watches the engine any more.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && seen.size === 0) passOnOnce("SIGTERM");
  }, orphanPollMs).unref();

  const child = spawn(engine.binary, withPolicyPacks(engine, words, cwd), {
    cwd,
    env: engineEnvironment(process.env, engine),
    stdio: "inherit",
  });
  child.on("error", (error) => {
    process.stderr.write(`${engine.binary} can't be run: ${error.message}\n`);
    process.exitCode = 126;
  });
  child.on("close", (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
    } else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}
