import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { engineEnvironment } from "../../../cli/engine/locate";
import type { Emulator } from "../../../emulator";
import type { Plugin } from "../../../rehearsal/embedded/open";
import { azureadPlugin } from "./plugin";

/** Something that makes the groups of a journey. */
export interface GroupMaker {
  readonly name: string;
  readonly start: (emulator: Emulator) => Promise<Plugin>;
}

const PROGRAM = "pulumi-resource-azuread";

/** As package.json pins the package; its plugin has the same version. */
export function azureadVersion(): string {
  const file = readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8");
  const { dependencies } = JSON.parse(file) as { dependencies: Record<string, string> };
  return dependencies["@pulumi/azuread"] ?? "";
}

/**
 * The real azuread plugin of the pinned version, where Pulumi keeps its plugins; `AZUREAD_PLUGIN` names one that lies elsewhere.
 * In words: why it is not used.
 */
export function realPlugin(
  env: NodeJS.ProcessEnv,
  platform = process.platform,
): { readonly found: string } | { readonly why: string } {
  const named = env["AZUREAD_PLUGIN"] ?? "";
  const home = env["PULUMI_HOME"] || join(homedir(), ".pulumi");
  const program = named || join(home, "plugins", `resource-azuread-v${azureadVersion()}`, PROGRAM);
  if (!existsSync(program)) {
    const install = `npm run pulumi -- plugin install resource azuread ${azureadVersion()}`;
    return { why: named === "" ? `it is not in ${dirname(program)}: ${install}` : `AZUREAD_PLUGIN: no ${named}` };
  }
  // A Go program: on other systems it takes the certificates of the system alone, and the embedded Graph's is not among them.
  if (platform !== "linux") return { why: `on ${platform} it can't be told to trust the embedded Graph` };
  return { found: program };
}

/** The stand-in, which is always there, and the real plugin where it is. */
export function groupMakers(env: NodeJS.ProcessEnv = process.env): readonly GroupMaker[] {
  const real = realPlugin(env);
  return [
    { name: "the stand-in", start: azureadPlugin },
    ...("found" in real
      ? [{ name: "the real azuread plugin", start: (emulator: Emulator) => started(real.found, emulator) }]
      : []),
  ];
}

/** The engine starts it by itself, from the PATH; it finds Graph by the metadata of the embedded cloud, which the stack names. */
function started(program: string, emulator: Emulator): Promise<Plugin> {
  const { AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = emulator.credentials();
  return Promise.resolve({
    environment: {
      PATH: [dirname(program), engineEnvironment(process.env)["PATH"]].join(delimiter),
      ARM_CLIENT_ID: AZURE_CLIENT_ID,
      ARM_CLIENT_SECRET: AZURE_CLIENT_SECRET,
      // What a Go program trusts, in place of the system's.
      SSL_CERT_FILE: emulator.caFile,
    },
    end: () => undefined,
  });
}
