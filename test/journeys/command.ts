import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Journey } from "./journey";

const projectRoot = join(__dirname, "..", "..");

export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is going on. */
export interface RunningCommand {
  readonly ended: Promise<CommandRun>;
  readonly pid: number;
  /** Resolves when what it has said so far matches. */
  says(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** As `head` does when it has seen enough. */
  closeOutput(): void;
}

interface CommandOptions {
  readonly columns?: number;
  readonly environment?: NodeJS.ProcessEnv;
  /** In a real terminal, by `script` of util-linux; otherwise standard output is a pipe. */
  readonly terminal?: boolean;
  /** Another program that reads its standard output, such as `head -n 1`. */
  readonly pipe?: string;
}

/** Starts `entra-licensing WORDS…` as an administrator of the journey's stack would, at a terminal of so many columns. */
export function startCommand(
  journey: Journey,
  words: readonly string[],
  { columns = 80, environment = {}, terminal = false, pipe }: CommandOptions = {},
): RunningCommand {
  const { name, configFile, environment: ofStack, folder } = journey.stack;
  const [command = "", ...others] = words;
  const about = ["--stack", name, ...(WITH_FILE.has(command) ? ["--config-file", configFile] : [])];
  const line = [process.execPath, "dev/run.cjs", "cli/main.ts", command, ...about, ...others];
  const quoted = line.map((word) => `'${word}'`).join(" ");
  const [program = "", ...rest] = terminal
    ? ["script", "-qefc", `stty cols ${columns}; ${quoted}`, "/dev/null"]
    : pipe === undefined
      ? line
      : ["bash", "-c", `set -o pipefail; ${quoted} | ${pipe}`];
  const child = spawn(program, rest, {
    cwd: projectRoot,
    env: {
      ...ofStack,
      ...(terminal ? {} : { COLUMNS: String(columns) }),
      // Its live runs and its kept pages are this journey's own.
      XDG_CACHE_HOME: join(folder, "cache"),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (chunk: Buffer) => {
      said[stream] += chunk.toString();
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<CommandRun>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, ...said });
      for (const look of waiting) look();
    });
  });
  return {
    ended,
    pid: child.pid ?? 0,
    kill: (signal) => child.kill(signal),
    closeOutput: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const text = said.stdout + said.stderr;
          if (pattern.test(text)) resolve();
          else if (child.exitCode !== null)
            reject(new Error(`it ended, and has not said ${String(pattern)}:\n${text}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
  };
}

const WITH_FILE = new Set(["preview", "up", "rollback", "plan"]);

export function runCommand(...[journey, words, options]: Parameters<typeof startCommand>): Promise<CommandRun> {
  return startCommand(journey, words, options).ended;
}
