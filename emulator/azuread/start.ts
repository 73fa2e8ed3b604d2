import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Emulator } from "..";

/** A process that replaces the azuread plugin, and the environment with which the engine finds it. */
export interface AzureadStandIn {
  readonly environment: NodeJS.ProcessEnv;
  end(): void;
}

/** @param environment the process's environment, in addition to what it needs to reach the embedded Graph */
export async function startStandIn(emulator: Emulator, environment: NodeJS.ProcessEnv): Promise<AzureadStandIn> {
  const program = spawn(process.execPath, [...process.execArgv, require.resolve("./stand-in")], {
    env: {
      ...environment,
      ...emulator.credentials(),
      STAND_IN_GRAPH: emulator.url,
      NODE_EXTRA_CA_CERTS: emulator.caFile,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = (await Promise.race([
    once(createInterface(program.stdout), "line"),
    once(program, "exit").then(() => {
      throw new Error("the stand-in for the azuread plugin ended before it was asked anything");
    }),
  ])) as [string];
  return {
    // The engine attaches to a running provider that is named here; meant for debugging.
    environment: { PULUMI_DEBUG_PROVIDERS: `azuread:${port}` },
    end: () => {
      program.kill();
    },
  };
}
