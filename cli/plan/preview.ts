import { spawn } from "node:child_process";
import { engineEnvironment, locateEngine } from "../engine/locate";

export interface Preview {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly said: string;
}

/** Runs the engine's preview in this project, shows its output on `shown` and also returns it. */
export async function preview(
  words: readonly string[],
  cwd: string,
  planFile: string,
  shown: NodeJS.WritableStream,
): Promise<Preview> {
  const engine = locateEngine();
  return new Promise((resolve, reject) => {
    // The terminal sends Ctrl-C to the engine as well. This process ignores it and exits after the engine.
    process.on("SIGINT", () => undefined);
    const child = spawn(engine.binary, ["preview", "--non-interactive", ...words], {
      cwd,
      env: { ...engineEnvironment(process.env, engine), LICENSING_PLAN_FILE: planFile },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      shown.write(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      process.stderr.write(chunk);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, said });
    });
  });
}
