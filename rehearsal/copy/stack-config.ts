import { existsSync } from "node:fs";
import { configTexts, configValue } from "../../licensing/stack-file/config-texts";
import { Refusal } from "../../licensing/refusal";
import type { StackFile } from "../../licensing/stack-file/stack-file";
import { readStackFile } from "../../licensing/stack-file/reading";
import { configOf } from "../../cli/config-in-file";

/** The configuration in a stack file, by its keys. */
export type StackConfig = Readonly<Record<string, unknown>>;

/** What the stack file says for this program; keys of others, and secrets, are left where they are. */
export function stackConfigIn(file: string): StackConfig {
  if (!existsSync(file)) {
    throw new Refusal(
      `${file} is not there. A rehearsal is of a stack file: write one, or let npm run discover propose a first one.`,
    );
  }
  const ours = Object.entries(configOf(file)).filter(([key]) => key.startsWith("licensing:"));
  return Object.fromEntries(ours.map(([key, value]) => [key, typeof value === "string" ? configValue(value) : value]));
}

/** The same as the program understands it; every mistake is named at once. */
export function stackFileOf(config: StackConfig): StackFile {
  const reading = readStackFile(configTexts(config));
  if (!reading.ok) throw Refusal.ofMistakes(reading.mistakes);
  return reading.stackFile;
}
