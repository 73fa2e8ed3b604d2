import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A stack file's configuration by key; empty if it has none. */
export function configOf(stackFile: string): Readonly<Record<string, unknown>> {
  const file: unknown = parse(readFileSync(stackFile, "utf8"));
  return isMap(file) && isMap(file["config"]) ? file["config"] : {};
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
