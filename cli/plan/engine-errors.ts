import { stripVTControlCharacters } from "node:util";

/** Extracts the errors from the engine's output, without duplicates, each with its continuation lines. */
export function engineErrors(said: string): readonly string[] {
  const errors: string[][] = [];
  let current: string[] | null = null;
  for (const raw of stripVTControlCharacters(said).split("\n")) {
    const line = raw.trimEnd();
    const [, message] = /^\s*error: (.*)$/.exec(line) ?? [];
    if (message !== undefined) {
      current = [message];
      errors.push(current);
    } else if (line.trim() === "" || /^\S/.test(line)) {
      current = null;
    } else {
      current?.push(line.trim());
    }
  }
  return [...new Set(errors.map((lines) => lines.join("\n")))].filter((error) => !SUMMARIES.test(error));
}

/** Messages that the engine adds after the actual error. */
const SUMMARIES = /^(preview failed|update failed|an unhandled error occurred: Program exited with)/;
