import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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

/**
 * Leaves the committed file as it is: `pulumi stack init` writes the salt of a passphrase into the stack file of that
 * name, and the demo's stack, which is gone in a minute, has nothing to encrypt.
 */
export async function keepingStackFile<T>(work: () => Promise<T>): Promise<T> {
  const text = await withoutSalt();
  try {
    return await work();
  } finally {
    writeFileSync(path, text);
  }
}

/** Another demo may be between its `stack init` and this very clearing up: its salt must not be kept for the file. */
async function withoutSalt(): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const text = readFileSync(path, "utf8");
    if (!/^encryptionsalt:/m.test(text) || attempt === LOOKS) return text;
    await sleep(PAUSE_MS);
  }
}

const LOOKS = 50;
const PAUSE_MS = 200;
