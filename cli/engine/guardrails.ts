import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Refusal } from "../../licensing/refusal";
import { packageRoot, projectRoot } from "./project-root";

/** The settings of the rules in policy/, beside Pulumi.yaml. `init` writes it. */
const DEFAULT_FILE = "guardrails.json";

export const GUARDRAILS_OPTION = [
  "--guardrails <file>",
  "settings of the rules that the plan has to keep (default: guardrails.json, where it is there)",
] as const;

/**
 * The engine's words that hold a run to the rules in policy/. Without a file named, and without guardrails.json, none.
 *
 * @param words those of the run, which may bring a policy pack of their own
 * @throws {Refusal} if the named file is not there, or an own pack leaves the engine without a pair of pack and settings
 */
export function withGuardrails(
  words: readonly string[],
  file: string | undefined,
  folder: string = projectRoot,
): readonly string[] {
  const path = resolve(folder, file ?? DEFAULT_FILE);
  if (!existsSync(path)) {
    if (file === undefined) return words;
    throw new Refusal(
      `The rules for licence changes are missing: there is no ${path}. A pipeline makes and applies no plan without them. ` +
        `Copy ${join(packageRoot, "policy", "config.json")} to it, set the limits, and have the file reviewed: docs/policy.md.`,
    );
  }
  if (count(words, "--policy-pack") !== count(words, "--policy-pack-config")) {
    throw new Refusal(
      `${path} has settings, and the engine takes settings for all policy packs or for none. Add a --policy-pack-config FILE for each ` +
        "--policy-pack; a file with {} leaves a pack its defaults.",
    );
  }
  return ["--policy-pack", join(packageRoot, "policy"), "--policy-pack-config", path, ...words];
}

function count(words: readonly string[], flag: string): number {
  return words.filter((word) => word === flag || word.startsWith(`${flag}=`)).length;
}
