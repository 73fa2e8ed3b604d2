import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isSeq, parseDocument, type Document, type YAMLMap } from "yaml";
import { Refusal } from "../../licensing/refusal";
import { projectRoot } from "../engine/project-root";
import { up, type UpOptions } from "./up";

export interface RollbackOptions extends UpOptions {
  /** The waves to put back; empty: all. */
  readonly wave: readonly string[];
  /** Puts every user on record back, members of their groups or not. */
  readonly allUsers: boolean;
}

/**
 * Writes `rollback` to waves of the stack file, then previews, asks and applies. A rollback that is not applied leaves the file as
 * it was.
 *
 * @returns the exit code
 */
export async function rollback(options: RollbackOptions, others: readonly string[]): Promise<number> {
  const { wave: names, allUsers, ...run } = options;
  const file = options.configFile ?? join(projectRoot, "stacks", `Pulumi.${options.stack}.yaml`);
  const before = readFileSync(file, "utf8");
  writeFileSync(file, withRollback(before, names, allUsers, file));
  const progress = { isApplied: false };
  try {
    return await up(run, others, () => (progress.isApplied = true));
  } finally {
    if (!progress.isApplied) writeFileSync(file, before);
  }
}

/** The stack file's text with `rollback` on these waves; all else, comments too, stays as it is. */
export function withRollback(text: string, names: readonly string[], allUsers: boolean, file: string): string {
  const document = parseDocument(text);
  const waves = wavesOf(document, file);
  const known = waves.map((wave) => String(wave.get("name")));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Refusal(`${file} has no wave ${unknown.join(", ")}: the waves are ${known.join(", ")}.`);
  }
  for (const wave of waves) {
    if (names.length === 0 || names.includes(String(wave.get("name")))) wave.set("rollback", allUsers ? "all" : true);
  }
  return document.toString({ lineWidth: 0 });
}

function wavesOf(document: Document, file: string): readonly YAMLMap[] {
  const waves = document.getIn(["config", "licensing:waves"]);
  if (!isSeq(waves)) throw new Refusal(`${file} has no waves to put back.`);
  return waves.items.filter((each): each is YAMLMap => isMap(each));
}
