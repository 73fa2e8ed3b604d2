import { stripVTControlCharacters } from "node:util";
import { typed } from "../render/command-line";
import { typedToEngine } from "../engine/typed-to-engine";

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
  return [...new Set(errors.map((lines) => lines.join("\n")))]
    .filter((error) => !SUMMARIES.test(error))
    .map(withRemedy);
}

/** Errors of the engine that say what is wrong, and not what to do. */
const REMEDIES: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [
    /PULUMI_ACCESS_TOKEN must be set/,
    () =>
      `There is no place for the state yet. Choose one: export PULUMI_BACKEND_URL=azblob://…, s3://…, gs://… or file:///…, or ${typedToEngine("login")}.`,
  ],
  [
    /no stack named '(?:[^']*\/)?([^'/]+)' found/,
    ([, stack = ""]) => `It is not in this place for the state yet: ${typedToEngine(`stack init ${stack}`)}`,
  ],
  [
    /(?:marked for protection|is protected)/,
    () =>
      "Do not unprotect it: users may depend on it. " +
      `Put the waves back (${typed("rollback --stack NAME")}), run up once more, and then destroy: docs/operate.md, "How do I give up the stack?".`,
  ],
  [/passphrase must be set/, () => "Choose one, any, and keep it: export PULUMI_CONFIG_PASSPHRASE=…"],
];

/** The engine's error, and below it what to do where the engine does not say so. */
function withRemedy(error: string): string {
  for (const [pattern, remedy] of REMEDIES) {
    const found = pattern.exec(error);
    if (found !== null) return `${error}\n${remedy(found)}`;
  }
  return error;
}

/** Messages that the engine adds after the actual error. */
const SUMMARIES = /^(preview failed|update failed|an unhandled error occurred: Program exited with)/;
