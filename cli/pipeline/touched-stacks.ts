import { posix } from "node:path";

/** A stack with the files that it alone reads, by their paths in the repository. */
export interface StackFiles {
  readonly name: string;
  readonly files: readonly string[];
}

/** Which stacks a change reaches, and why. */
export interface Touched {
  readonly stacks: readonly string[];
  readonly reason: string;
}

/** The stack files, and what lies beside them. */
const STACKS = "stacks/";

/**
 * A stack is touched by a change of its stack file or of a file that its stack file names. Every other file is part of the program
 * and touches all stacks, except documentation and tests.
 *
 * @param changed paths in the repository; `null`: unknown, so every stack may be touched
 */
export function touchedStacks(changed: readonly string[] | null, stacks: readonly StackFiles[]): Touched {
  const all = stacks.map(({ name }) => name);
  if (changed === null) return { stacks: all, reason: "All stacks: this run is about no single change." };
  const files = changed.filter((file) => !isDocumentation(file) && !isTest(file));
  const program = files.filter((file) => !isOfOneStack(file) && stacks.every((stack) => !stack.files.includes(file)));
  if (program.length > 0) {
    const more = program.length === 1 ? "" : ` and ${program.length - 1} more`;
    return { stacks: all, reason: `All stacks: the program has changed (${shown(program[0] ?? "")}${more}).` };
  }
  const touched = stacks.filter((stack) => stack.files.some((file) => files.includes(file))).map(({ name }) => name);
  const reason =
    touched.length === 0
      ? "No stack: the change is in documentation, in tests, or in files of stacks that are not here."
      : `${touched.join(", ")}: what they read has changed, and nothing of the program.`;
  return { stacks: touched, reason };
}

/** Also a stack file that this change deletes, or one that is not planned here, such as the demo's. */
function isOfOneStack(file: string): boolean {
  return /^stacks\/Pulumi\.[^/]+\.ya?ml$/.test(file);
}

function isDocumentation(file: string): boolean {
  return file.startsWith("docs/") || /\.md$/i.test(file) || /^(LICENSE|NOTICE)(\.txt)?$/.test(file);
}

function isTest(file: string): boolean {
  return file.startsWith("test/") || /\.test\.[cm]?[jt]s$/.test(file);
}

/** The stack file and the files that it names, such as `users: {file: wave1.csv}`. */
export function filesOfStack(name: string, config: unknown): readonly string[] {
  const named = namedFiles(config).map((file) => posix.join(STACKS, file.replaceAll("\\", "/")));
  return [`${STACKS}Pulumi.${name}.yaml`, ...named];
}

function namedFiles(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === "file" && typeof each === "string" ? [each] : namedFiles(each),
  );
}

/** The name of a file, which may be written by anybody who opens a pull request: no command for a CI system. */
function shown(file: string): string {
  return file.replace(/[^\w./ -]/g, "?");
}
