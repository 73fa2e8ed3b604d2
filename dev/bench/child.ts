import { fork, type ChildProcess } from "node:child_process";
import { projectRoot } from "./project-root";

/** A folder for profiles of what the benchmark starts, by `--profile`. */
const PROFILES = "BENCH_PROFILES";

export function profileInto(folder: string): void {
  process.env[PROFILES] = folder;
}

/** A TypeScript file of the benchmark in a process of its own, which is talked to in messages. */
export function startChild(file: string, words: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  const profiles = process.env[PROFILES] ?? "";
  const profiling = profiles === "" ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`];
  return fork(file, words, {
    cwd: projectRoot,
    env: { ...process.env, ...environment },
    execArgv: [...process.execArgv, ...profiling],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

/** The next message, or an error when there will be none. */
export function nextMessage<T>(child: ChildProcess, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const heard = (message: unknown): void => {
      child.off("exit", ended);
      resolve(message as T);
    };
    const ended = (code: number | null): void => {
      child.off("message", heard);
      reject(new Error(`${what} ended with ${code ?? "a signal"} before it was done`));
    };
    child.once("message", heard);
    child.once("exit", ended);
  });
}
