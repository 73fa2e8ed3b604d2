import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";

const projectRoot = join(__dirname, "..", "..");

/** Long enough for the engine to save what was done; then it is killed. */
const GRACE_MS = 60_000;

export interface ToolRun {
  /** `null`: a signal ended it, or its time was over. */
  readonly code: number | null;
  readonly said: string;
  readonly isLate: boolean;
}

/** Runs a tool of this project as a person would, with an environment of its own, and keeps what it says in a file. */
export function runTool(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  logFile: string,
  limitMs: number,
): Promise<ToolRun> {
  return new Promise((done, reject) => {
    const log = createWriteStream(logFile, { mode: 0o600 });
    const [tool = "", ...others] = words;
    const child = spawn(process.execPath, [join("tools", "run.cjs"), join("tools", `${tool}.ts`), ...others], {
      cwd: projectRoot,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    let isLate = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        log.write(chunk);
      });
    }
    let kill: NodeJS.Timeout | undefined;
    const limit = setTimeout(() => {
      isLate = true;
      child.kill("SIGTERM");
      kill = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    }, limitMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(limit);
      clearTimeout(kill);
      log.end(() => done({ code, said, isLate }));
    });
  });
}
