import { dirname, resolve } from "node:path";
import { projectRoot } from "./project-root";

/** A stack, and its file where that is not in the folder of stack files. */
export interface SelectedStack {
  readonly stack: string;
  readonly configFile?: string;
}

/** The engine's options that select the stack. */
export function stackWords({ stack, configFile }: SelectedStack): readonly string[] {
  return ["--stack", stack, ...(configFile === undefined ? [] : ["--config-file", configFile])];
}

/** What the engine does not tell the program: where the stack file is, and so a file of users beside it. */
export function stackEnvironment({ configFile }: SelectedStack): NodeJS.ProcessEnv {
  return configFile === undefined ? {} : { LICENSING_STACK_FOLDER: dirname(resolve(projectRoot, configFile)) };
}
