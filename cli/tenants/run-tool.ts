import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { CtrlC } from "../ctrl-c";

const projectRoot = join(__dirname, "..", "..");

/** Long enough for the engine to save what was done; then it is killed. */
const GRACE_MS = 60_000;

export interface ToolRun {
  /** `null`: a signal ended it, or its time was over. */
  readonly code: number | null;
  readonly said: string;
  readonly isLate: boolean;
}

/** Windows has none: there the terminal itself reaches every process. */
const OWN_GROUPS = process.platform !== "win32";

/**
 * Runs a tool of this project as a person would, with an environment of its own, and keeps what it says in a file. The tool and its
 * engine have a process group of their own: each Ctrl-C reaches them once, from here, as it would from a terminal.
 */
export function runTool(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  logFile: string,
  limitMs: number,
  ctrlC: CtrlC,
): Promise<ToolRun> {
  return new Promise((done, reject) => {
    const log = createWriteStream(logFile, { mode: 0o600 });
    const [tool = "", ...others] = words;
    const child = spawn(process.execPath, [join("dev", "run.cjs"), join("cli", `${tool}.ts`), ...others], {
      cwd: projectRoot,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: OWN_GROUPS,
    });
    const deaf = ctrlC.onPress(() => {
      if (OWN_GROUPS && child.pid !== undefined) interruptGroup(child.pid);
    });
    // They come to this process alone. The tool passes them on to its engine, and this process ends when that has ended.
    const received: NodeJS.Signals[] = [];
    const passOn = (signal: NodeJS.Signals): void => {
      received.push(signal);
      child.kill(signal);
    };
    for (const signal of ENDING) process.once(signal, passOn);
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
    const atRest = (): void => {
      deaf();
      for (const signal of ENDING) process.off(signal, passOn);
      for (const signal of received.slice(0, 1)) process.kill(process.pid, signal);
    };
    child.on("error", (error) => {
      atRest();
      reject(error);
    });
    child.on("close", (code) => {
      atRest();
      clearTimeout(limit);
      clearTimeout(kill);
      log.end(() => done({ code, said, isLate }));
    });
  });
}

const ENDING = ["SIGTERM", "SIGHUP"] as const;

function interruptGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGINT");
  } catch {
    // All of them have ended already.
  }
}
