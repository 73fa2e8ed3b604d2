import { spawn } from "node:child_process";

/** A program to run to its end, for set-up. */
export interface ProgramRun {
  readonly command: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs: number;
}

/** `failure` is absent on success; otherwise a short text, if possible the end of the program's error output. */
export interface ProgramResult {
  readonly stdout: string;
  readonly failure?: string;
}

/** Runs a program and kills it with all its children at the time limit. Failures of the program are results, never exceptions. */
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

/** The last three lines of an error output: the cause is at its end, and more would hide our own message. */
function lastWords(stderr: string): string | undefined {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.length === 0 ? undefined : lines.slice(-3).join("\n        ");
}
