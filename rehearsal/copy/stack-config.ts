import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { configTexts, configValue } from "../../licensing/stack-file/config-texts";
import { Refusal } from "../../licensing/refusal";
import type { StackFile } from "../../licensing/stack-file/stack-file";
import { readStackFile } from "../../licensing/stack-file/reading";
import { withUsersOfFiles } from "../../licensing/stack-file/users-file";
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
  const config = Object.fromEntries(
    ours.map(([key, value]) => [key, typeof value === "string" ? configValue(value) : value]),
  );
  return { ...config, ...wavesWithUsers(config["licensing:waves"], dirname(file)) };
}

/** A copy stands alone, so the users of a wave's file are part of it. */
function wavesWithUsers(written: unknown, folder: string): StackConfig {
  if (written === undefined) return {};
  const { waves, mistakes } = withUsersOfFiles(written, (name) => {
    const path = resolve(folder, name);
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  });
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return { "licensing:waves": waves };
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
