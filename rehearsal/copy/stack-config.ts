import { existsSync } from "node:fs";
import { configTexts, configValue } from "../../licensing/stack-file/config-texts";
import { Refusal } from "../../licensing/refusal";
import type { StackFile } from "../../licensing/stack-file/stack-file";
import { readStackFile } from "../../licensing/stack-file/reading";
import { configOf } from "../../cli/config-in-file";

/** A stack file's configuration by key. */
export type StackConfig = Readonly<Record<string, unknown>>;

/** Reads this program's keys from a stack file. Keys of other programs and secrets are not read. */
export function stackConfigIn(file: string): StackConfig {
  if (!existsSync(file)) {
    throw new Refusal(
      `${file} is not there. A rehearsal is of a stack file: write one, or let entra-licensing discover propose a first one.`,
    );
  }
  const ours = Object.entries(configOf(file)).filter(([key]) => key.startsWith("licensing:"));
  return Object.fromEntries(ours.map(([key, value]) => [key, typeof value === "string" ? configValue(value) : value]));
}

/**
 * Parses the configuration.
 *
 * @throws Refusal that lists all mistakes at once
 */
export function stackFileOf(config: StackConfig): StackFile {
  const reading = readStackFile(configTexts(config));
  if (!reading.ok) throw Refusal.ofMistakes(reading.mistakes);
  return reading.stackFile;
}
