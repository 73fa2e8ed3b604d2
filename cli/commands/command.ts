import { join } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { projectRoot } from "../engine/project-root";
import { typed } from "../render/command-line";

/** Adds one command to the program. It loads what the command needs only when it runs, so that `--help` is quick. */
export type Register = (program: Command) => void;

/** Options that several commands share, each with the same words everywhere. */
export const STACK = [
  "-s, --stack <name>",
  "the stack, such as contoso, with a file stacks/Pulumi.contoso.yaml",
] as const;
export const CONFIG_FILE = ["--config-file <file>", "the stack file, where it is not in stacks/"] as const;
export const EXPECT_NO_CHANGES = ["--expect-no-changes", "end with 4 if there is something to do", false] as const;
export const NAMES = [
  "--names",
  "show display names and user principal names beside ids: read now, and never in the state",
  false,
] as const;
export const TENANT = ["--tenant <id or domain>", "the tenant; by default the one that the stack file names"] as const;
export const CLOUD = [
  "--cloud <cloud>",
  'global, usgov, usgov-dod, china, or {"graph": "https://host", "authority": "https://host"}',
] as const;

export function folderOption(): Option {
  return new Option("--folder <folder>", "where the stack files are").default(join(projectRoot, "stacks"), "stacks");
}

/** The end of a command's help: lines to copy. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${typed(line)}`).join("\n")}\n`;
}

/** For an option that may be repeated. */
export const collect = (word: string, before: readonly string[]): readonly string[] => [...before, word];

/** Reads the value of an option. */
export function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`a whole number from ${least} is needed.`);
  };
}
