import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageRoot } from "../cli/engine/project-root";

/** The path of the committed stack file, from the root of the checkout. */
export const STACK_FILE = "stacks/Pulumi.demo.yaml";

const path = join(packageRoot, STACK_FILE);

export type StackConfig = Readonly<Record<string, unknown>>;

/** The committed stack file with the address of the embedded Graph, whose port is known only at run time. */
export function demoConfig(graphUrl: string): StackConfig {
  const { config } = parse(readFileSync(path, "utf8")) as { readonly config: StackConfig };
  return { ...config, "licensing:cloud": { graph: graphUrl, authority: graphUrl } };
}

/** The same with the key that decides how far `up` may go; `null` leaves it out. */
export function applyingThrough(config: StackConfig, wave: string | null): StackConfig {
  return wave === null ? config : { ...config, "licensing:applyThrough": wave };
}
