import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../engine/cache-folder.mjs";
import { projectRoot } from "../engine/project-root";
import { writeOwnFile } from "../plan/own-file";
import type { RunState } from "./run-progress";

/** A run of this machine that is going on, as `status` and `stop` find it at another terminal. Holds no ids and no names. */
export interface LiveRun {
  readonly pid: number;
  readonly stack: string;
  readonly startedAt: string;
  /** Made by `stop`: the run ends after the users in hand. */
  readonly stopFile: string;
  readonly state: RunState;
  readonly at: string;
}

/** Of texts that change often; the users of a wave come once a second at most. */
const WRITTEN_EVERY_MS = 500;

/** Runs of different states do not meet: the file's name comes from the backend, the program's folder and the stack. */
function fileOf(stack: string, env: NodeJS.ProcessEnv): string {
  const about = [env["PULUMI_BACKEND_URL"] ?? "", projectRoot, stack].join("\n");
  const name = createHash("sha256").update(about).digest("hex").slice(0, 16);
  return join(cacheFolder(env), "runs", `${name}.json`);
}

/** Keeps the file of a run up to date until `end`. */
export class LiveRunFile {
  readonly stopFile: string;
  readonly #file: string;
  readonly #startedAt = new Date().toISOString();
  #writtenMs = 0;
  #phase = "";

  constructor(
    private readonly stack: string,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.#file = fileOf(stack, env);
    this.stopFile = `${this.#file}.stop`;
    mkdirSync(join(this.#file, ".."), { recursive: true, mode: 0o700 });
    rmSync(this.stopFile, { force: true });
  }

  update(state: RunState): void {
    const isText = state.progress === null && state.phase === this.#phase;
    if (isText && Date.now() - this.#writtenMs < WRITTEN_EVERY_MS) return;
    this.#writtenMs = Date.now();
    this.#phase = state.phase;
    const { stack, stopFile } = this;
    const run: LiveRun = {
      pid: process.pid,
      stack,
      startedAt: this.#startedAt,
      stopFile,
      state,
      at: new Date().toISOString(),
    };
    writeOwnFile(this.#file, JSON.stringify(run));
  }

  /** Asks the run to end after the users in hand. */
  stop(): void {
    writeOwnFile(this.stopFile, "");
  }

  end(): void {
    rmSync(this.#file, { force: true });
    rmSync(this.stopFile, { force: true });
  }
}

/** The run of a stack that is going on now; `null`: none that this command started on this machine. */
export function liveRun(stack: string, env: NodeJS.ProcessEnv = process.env): LiveRun | null {
  try {
    const run = JSON.parse(readFileSync(fileOf(stack, env), "utf8")) as LiveRun;
    process.kill(run.pid, 0);
    return run;
  } catch {
    // No file, one that is being written, or the process has ended.
    return null;
  }
}
