import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { Refusal } from "../../licensing/refusal";
import type { StackFile } from "../../licensing/stack-file";
import { readStackFile } from "../../licensing/stack-file-reading";

/** The configuration in a stack file, by its keys. */
export type StackConfig = Readonly<Record<string, unknown>>;

/** What the stack file says for this program; keys of others, and secrets, are left where they are. */
export function stackConfigIn(file: string): StackConfig {
  if (!existsSync(file)) {
    throw new Refusal(
      `${file} is not there. A rehearsal is of a stack file: write one, or let npm run discover propose a first one.`,
    );
  }
  const written: unknown = parse(readFileSync(file, "utf8"));
  const config = isMap(written) && isMap(written["config"]) ? written["config"] : {};
  const ours = Object.entries(config).filter(([key]) => key.startsWith("licensing:"));
  return Object.fromEntries(ours.map(([key, value]) => [key, structured(value)]));
}

/** The same as the program understands it; every mistake is named at once. */
export function stackFileOf(config: StackConfig): StackFile {
  const words = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const reading = readStackFile(Object.fromEntries(words) as Readonly<Record<string, string>>);
  if (!reading.ok) throw Refusal.ofMistakes(reading.mistakes);
  return reading.stackFile;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `pulumi config set` writes lists and maps as JSON in a text. */
function structured(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
