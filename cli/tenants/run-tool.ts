import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import type { CtrlC } from "../ctrl-c";
import { ownCommand } from "../engine/own-command";
import { writeOwnFile } from "../plan/own-file";
import { projectRoot } from "../engine/project-root";

/** Time for the engine to save its state before it is killed. */
const GRACE_MS = 60_000;

export interface ToolRun {
  /** `null` if a signal or the time limit ended it. */
  readonly code: number | null;
  readonly said: string;
  readonly isLate: boolean;
}

/** Windows has no process groups; there the terminal sends Ctrl-C to every process. */
const OWN_GROUPS = process.platform !== "win32";

/**
 * Runs a command of this project with the given environment and writes its output to a file. The command and its engine get their
 * own process group, so that each Ctrl-C reaches them exactly once, forwarded by this process.
 */
export function runTool(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  logFile: string,
  limitMs: number,
  ctrlC: CtrlC,
): Promise<ToolRun> {
  return new Promise((done, reject) => {
    writeOwnFile(logFile, "");
    const log = createWriteStream(logFile);
    const [tool = "", ...others] = words;
    const child = spawn(process.execPath, [...ownCommand(tool), ...others], {
      cwd: projectRoot,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: OWN_GROUPS,
    });
    const deaf = ctrlC.onPress(() => {
      if (OWN_GROUPS && child.pid !== undefined) interruptGroup(child.pid);
    });
    // These signals reach only this process. The tool forwards them to its engine; this process exits after it.
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
    // All processes of the group have ended already.
  }
}
