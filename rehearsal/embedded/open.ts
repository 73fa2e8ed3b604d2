import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalStack } from "../../cli/engine/local-stack";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import type { StackConfig } from "../copy/stack-config";

/** A process that the engine needs besides, such as the stand-in for the azuread plugin. */
export interface Plugin {
  /** Variables with which the engine finds it. */
  readonly environment: NodeJS.ProcessEnv;
  end(): void;
}

export interface EmbeddedOptions {
  /** The stack's name. */
  readonly stack: string;
  /** The stack file's keys. Their cloud is always the embedded Graph. */
  readonly config: StackConfig;
  readonly tenant?: EmulatorOptions;
  /** The machine's variables that the engine keeps. Default: all. */
  readonly base?: NodeJS.ProcessEnv;
  /** More variables for the engine. @param folder exists as long as the tenant */
  readonly environment?: (folder: string) => NodeJS.ProcessEnv;
  /** @param environment what the engine itself gets */
  readonly plugin?: ((emulator: Emulator, environment: NodeJS.ProcessEnv) => Promise<Plugin>) | undefined;
}

/** An embedded Graph and a stack on the real engine that is signed in to it. Both exist on this machine only, until `close`. */
export interface Embedded {
  readonly emulator: Emulator;
  readonly stack: LocalStack;
  /** Holds everything that the engine and its programs write; `close` removes it. */
  readonly folder: string;
  /** Writes the stack file as it was opened, with these keys changed; `undefined` takes a key out. */
  configure(changes: StackConfig): void;
  close(): Promise<void>;
}

/** The one way to open an embedded Graph with an engine: for the demo, rehearsals and journeys. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { base = process.env } = options;
  const emulator = await createEmulator(options.tenant);
  const folder = mkdtempSync(join(tmpdir(), `entra-group-licensing-${options.stack}-`));
  let plugin: Plugin | undefined;
  const close = async () => {
    plugin?.end();
    await emulator.close();
    // A stopped process may still be writing into the folder.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const [ofStack, temporary] = ["stack", "tmp"].map((name) => join(folder, name)) as [string, string];
    for (const each of [ofStack, temporary]) mkdirSync(each);
    const signedIn: NodeJS.ProcessEnv = {
      ...emulator.credentials(),
      NODE_EXTRA_CA_CERTS: emulator.caFile,
      // What the engine's programs put aside, such as caches, goes with the folder.
      ...{ TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      ...options.environment?.(folder),
    };
    plugin = await options.plugin?.(emulator, { ...base, ...signedIn });
    const config = { ...options.config, "licensing:cloud": { graph: emulator.url, authority: emulator.url } };
    const environment = { ...signedIn, ...plugin?.environment };
    const stack = await LocalStack.create(options.stack, config, environment, base, ofStack);
    const configure = (changes: StackConfig) => {
      stack.configure({ ...config, ...changes });
    };
    return { emulator, stack, folder, configure, close };
  } catch (error) {
    await close();
    throw error;
  }
}
