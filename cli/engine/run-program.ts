import { spawn } from "node:child_process";

/** A program to run to its end, for set-up. */
export interface ProgramRun {
  readonly command: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs: number;
}

/** `failure` is absent when all went well; it is short, and the last words of the program itself where it had some. */
export interface ProgramResult {
  readonly stdout: string;
  readonly failure?: string;
}

/** Runs a program and everything that it starts, for so long and no longer. Never throws for what the program does. */
export async function runProgram({ command, words, cwd, env, limitMs }: ProgramRun): Promise<ProgramResult> {
  return new Promise((done) => {
    const output = { stdout: "", stderr: "" };
    // Its own process group, so that the time limit ends what it started too.
    const program = spawn(command, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: ownGroups });
    program.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
    program.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));

    const end = (failure?: string): void => {
      clearTimeout(limit);
      endingSignals.forEach((signal) => process.off(signal, interrupted));
      done({ stdout: output.stdout, ...(failure !== undefined && { failure }) });
    };
    const kill = (): void => {
      if (program.pid !== undefined) process.kill(ownGroups ? -program.pid : program.pid, "SIGKILL");
    };
    const interrupted = (signal: NodeJS.Signals): void => {
      kill();
      process.off(signal, interrupted);
      process.kill(process.pid, signal);
    };
    endingSignals.forEach((signal) => process.on(signal, interrupted));
    const limit = setTimeout(() => {
      kill();
      end(`no answer in ${limitMs / 1000} s`);
    }, limitMs);
    program.on("error", (error) => {
      end(error.message);
    });
    program.on("close", (code, signal) => {
      if (code === 0) end();
      else end(lastWords(output.stderr) ?? `it ended with ${signal ?? `exit code ${code ?? "unknown"}`}`);
    });
  });
}

const ownGroups = process.platform !== "win32";
const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The end of a long error output says the cause; more than three lines of it bury the rest of ours. */
function lastWords(stderr: string): string | undefined {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.length === 0 ? undefined : lines.slice(-3).join("\n        ");
}
