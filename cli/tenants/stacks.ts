import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../licensing/refusal";
import { typed } from "../render/command-line";
import { configOf, isMap } from "../config-in-file";

/** A stack file in the folder. */
export interface TenantStack {
  readonly name: string;
  readonly file: string;
  /** The tenant's id or domain in the stack file; `null` if it has none. */
  readonly tenant: string | null;
}

/**
 * Finds stacks by names or by patterns such as `contoso-*`, sorted by name. Without arguments all stacks, except those with a Graph on
 * this machine, such as the demo's.
 */
export function stacksIn(folder: string, words: readonly string[]): readonly TenantStack[] {
  const all = readdirSync(folder)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
  const unknown = words.filter((word) => !all.some((name) => isMeant(name, word)));
  if (unknown.length > 0) {
    throw new Refusal(
      `${folder} has no stack ${unknown.map((word) => `"${word}"`).join(" and no ")}. It has: ${all.join(", ")}.`,
    );
  }
  const named = words.length === 0 ? all : all.filter((name) => words.some((word) => isMeant(name, word)));
  const stacks = named.map((name) => stackIn(folder, name));
  const meant = stacks.filter(({ file, name }) => words.includes(name) || !isOnThisMachine(file));
  if (meant.length === 0)
    throw new Refusal(
      `${folder} has no stack of a tenant: ${typed("discover --stack NAME --tenant DOMAIN")} writes one.`,
    );
  return meant;
}

/** `*` stands for anything. */
function isMeant(name: string, word: string): boolean {
  const parts = word.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

function stackIn(folder: string, name: string): TenantStack {
  const file = join(folder, `Pulumi.${name}.yaml`);
  const tenant = configIn(file)["licensing:tenant"];
  return { name, file, tenant: typeof tenant === "string" ? tenant : null };
}

function isOnThisMachine(file: string): boolean {
  const cloud = configIn(file)["licensing:cloud"];
  const graph = isMap(cloud) ? cloud["graph"] : null;
  return typeof graph === "string" && /^https:\/\/(localhost|127\.0\.0\.1)(:|\/|$)/.test(graph);
}

/** Empty if the file can't be read; the stack's own run reports the error. */
function configIn(file: string): Readonly<Record<string, unknown>> {
  try {
    return configOf(file);
  } catch {
    return {};
  }
}
