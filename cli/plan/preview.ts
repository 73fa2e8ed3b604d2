import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { engineEnvironment, locateEngine } from "../engine/locate";
import { brokenRules, policyEventsIn, type BrokenRule } from "../engine/policy-events";
import { withPolicyPacks } from "../engine/policy-packs";

export interface Preview {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly said: string;
  /** Of policy packs. */
  readonly rules: readonly BrokenRule[];
}

/** Runs the engine's preview in this project, shows its output on `shown` and also returns it. */
export async function preview(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
  shown: NodeJS.WritableStream,
): Promise<Preview> {
  const engine = locateEngine();
  // The terminal sends Ctrl-C to the engine as well. This process ignores it and exits after the engine.
  process.on("SIGINT", () => undefined);
  // The log of events is in a folder of its own, which others can't read: it holds the whole state.
  const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-events-"));
  const log = join(folder, "events.json");
  try {
    const words = withPolicyPacks(engine, ["preview", "--non-interactive", "--event-log", log, ...args], cwd);
    const run = execa(engine.binary, words, {
      cwd,
      env: {
        ...engineEnvironment(process.env, engine),
        // The engine knows --event-log only with this; Pulumi's Automation API sets it as well.
        PULUMI_DEBUG_COMMANDS: "true",
        ...environment,
      },
      extendEnv: false,
      stdin: "ignore",
      forceKillAfterDelay: false,
      all: true,
      reject: false,
    });
    // Through this process, which goes on when their reader goes away: the engine would die of that.
    run.stdout.pipe(shown, { end: false });
    run.stderr.pipe(process.stderr, { end: false });
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => run.kill(signal));
    const ended = await run;
    if (ended.code !== undefined) throw new Error(ended.originalMessage); // It could not be started.
    return { code: ended.exitCode ?? null, said: ended.all, rules: brokenRules(policyEventsIn(log)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
