import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Emulator } from "../../../emulator";
import type { Plugin } from "../journey";

/** Makes the groups of a journey: a small program of ours in the place of the azuread plugin, attached as the engine's own debugging does it. */
export async function azureadPlugin(emulator: Emulator): Promise<Plugin> {
  const program: ChildProcess = spawn(process.execPath, ["--require", "tsx/cjs", join(__dirname, "stand-in.ts")], {
    env: {
      ...process.env,
      ...emulator.credentials(),
      STAND_IN_GRAPH: emulator.url,
      NODE_EXTRA_CA_CERTS: emulator.caFile,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (program.stdout === null) throw new Error("the stand-in has no output");
  const [port] = (await once(createInterface(program.stdout), "line")) as [string];
  return {
    environment: { PULUMI_DEBUG_PROVIDERS: `azuread:${port}` },
    end: () => {
      program.kill();
    },
  };
}
