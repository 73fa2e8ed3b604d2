import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** The committed stack file, as somebody would name it in a shell. */
export const STACK_FILE = "stacks/Pulumi.demo.yaml";

const path = join(__dirname, "..", STACK_FILE);

export type StackConfig = Readonly<Record<string, unknown>>;

/** The committed stack file, pointed at a Graph whose port nobody knows before it is there. */
export function demoConfig(graphUrl: string): StackConfig {
  const { config } = parse(readFileSync(path, "utf8")) as { readonly config: StackConfig };
  return { ...config, "licensing:cloud": { graph: graphUrl, authority: graphUrl } };
}

/** The same with the key that decides how far `up` may go; `null` leaves it out. */
export function applyingThrough(config: StackConfig, wave: string | null): StackConfig {
  return wave === null ? config : { ...config, "licensing:applyThrough": wave };
}
