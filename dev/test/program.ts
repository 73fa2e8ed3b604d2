import { join } from "node:path";
import { execaNode } from "execa";

const projectRoot = join(__dirname, "..", "..");

export interface Program {
  /** Its file under node_modules. */
  readonly file: string;
  readonly words: readonly string[];
  /** Its output is shown as it comes, not returned. */
  readonly isShown: boolean;
}

export interface ProgramEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  /** What it sent to us over its channel, in order. */
  readonly messages: readonly unknown[];
}

/** Runs a JavaScript program of the npm dependencies in this project, to its end. */
export async function runProgram({ file, words, isShown }: Program): Promise<ProgramEnd> {
  const shown = isShown ? "inherit" : "pipe";
  const { exitCode, all, ipcOutput } = await execaNode(join(projectRoot, "node_modules", file), words, {
    cwd: projectRoot,
    // Not the loader of this process.
    nodeOptions: [],
    stdin: isShown ? "inherit" : "ignore",
    stdout: shown,
    stderr: shown,
    all: true,
    ipc: true,
    reject: false,
  });
  return { code: exitCode ?? null, output: all ?? "", messages: ipcOutput };
}
