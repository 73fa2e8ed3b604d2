import { spawn, type StdioOptions } from "node:child_process";
import { join } from "node:path";

const projectRoot = join(__dirname, "..", "..");

export interface Program {
  /** Its file under node_modules. */
  readonly file: string;
  readonly words: readonly string[];
  readonly stdio: StdioOptions;
}

export interface ProgramEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  /** What it sent to us over its channel, in order. */
  readonly messages: readonly unknown[];
}

/** Runs a JavaScript program of the npm dependencies in this project, to its end. */
export async function runProgram({ file, words, stdio }: Program): Promise<ProgramEnd> {
  return new Promise((done, fail) => {
    const program = spawn(process.execPath, [join(projectRoot, "node_modules", file), ...words], {
      cwd: projectRoot,
      stdio,
    });
    let output = "";
    const messages: unknown[] = [];
    program.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    program.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    program.on("message", (message) => messages.push(message));
    program.on("error", fail);
    program.on("close", (code) => {
      done({ code, output, messages });
    });
  });
}
