import { execa } from "execa";
import { engineEnvironment, locateEngine } from "../engine/locate";

export interface Preview {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly said: string;
}

/** Runs the engine's preview in this project, shows its output on `shown` and also returns it. */
export async function preview(
  args: readonly string[],
  cwd: string,
  planFile: string,
  shown: NodeJS.WritableStream,
  names: boolean,
): Promise<Preview> {
  const engine = locateEngine();
  // The terminal sends Ctrl-C to the engine as well. This process ignores it and exits after the engine.
  process.on("SIGINT", () => undefined);
  const run = execa(engine.binary, ["preview", "--non-interactive", ...args], {
    cwd,
    env: {
      ...engineEnvironment(process.env, engine),
      LICENSING_PLAN_FILE: planFile,
      ...(names ? { LICENSING_SHOW_NAMES: "true" } : {}),
    },
    extendEnv: false,
    stdin: "ignore",
    stderr: ["pipe", "inherit"],
    all: true,
    reject: false,
  });
  run.stdout.pipe(shown, { end: false });
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => run.kill(signal));
  const ended = await run;
  if (ended.code !== undefined) throw new Error(ended.originalMessage); // It could not be started.
  return { code: ended.exitCode ?? null, said: ended.all };
}
