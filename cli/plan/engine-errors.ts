import { stripVTControlCharacters } from "node:util";

/** The errors in what the engine said, each once, with the lines that belong to it. */
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

/** What the engine adds when another error has said why. */
const SUMMARIES = /^(preview failed|update failed|an unhandled error occurred: Program exited with)/;
