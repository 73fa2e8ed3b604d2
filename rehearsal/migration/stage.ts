import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import { startStandIn } from "../../emulator/azuread/start";
import { LocalStack } from "../../cli/engine/local-stack";
import type { RehearsalCopy } from "../copy/schema";
import { isMap } from "../../cli/config-in-file";
import type { StackConfig } from "../copy/stack-config";
import { tenantOf } from "../embedded/tenant-of";
import { serveClock } from "../process/clock-service";
import { clockAhead, closedEnvironment, machineOf } from "../process/closed-environment";

/** As slow as Entra, so that a change in the middle of a wave takes effect minutes later, and a wave meets it on either side. */
const PROCESSING = { queueMs: 30_000, usersPerSecond: 2_000, joinMs: 60_000, leaveMs: 120_000 };

/** The embedded tenant and a stack for it. Both exist on this machine and only during the rehearsal. */
export interface Stage {
  readonly emulator: Emulator;
  readonly stack: LocalStack;
  /** The environment of the next run, including the current clock offset. */
  readonly environment: () => NodeJS.ProcessEnv;
  /** Writes the copied stack file with these keys added. */
  configure(changes: StackConfig): void;
  /** Moves the clock forward, for example past the end of a soak. */
  readonly advance: (ms: number) => void;
  close(): Promise<void>;
}

export async function openStage(copy: RehearsalCopy, options: Pick<EmulatorOptions, "throttle">): Promise<Stage> {
  const emulator = await createEmulator({ tenant: tenantOf(copy), processing: PROCESSING, ...options });
  const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-rehearsal-"));
  const closing: (() => void)[] = [];
  const close = async () => {
    for (const end of closing) end();
    await emulator.close();
    // A stopped process may still be writing into the folder.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  let aheadMs = 0;
  const advance = (ms: number) => {
    aheadMs += ms;
    emulator.clock.advance(ms);
  };
  try {
    const base = machineOf(process.env);
    const closed = closedEnvironment(emulator, folder);
    const maker = makesGroups(copy.stackFile) ? await startStandIn(emulator, { ...base, ...closed }) : null;
    closing.push(() => maker?.end());
    const config = { ...copy.stackFile, "licensing:cloud": { graph: emulator.url, authority: emulator.url } };
    const ofStack = join(folder, "stack");
    mkdirSync(ofStack);
    const environment = { ...closed, ...maker?.environment };
    const stack = await LocalStack.create(copy.stack, config, environment, base, ofStack);
    const passTo = (untilMs: number) => {
      const ms = Math.max(0, untilMs - Date.now() - aheadMs);
      advance(ms);
      return aheadMs;
    };
    const clock = await serveClock(passTo);
    closing.push(() => {
      clock.close();
    });
    return {
      emulator,
      stack,
      environment: () => clockAhead(aheadMs, clock.port),
      configure: (changes) => {
        stack.configure({ ...config, ...changes });
      },
      advance,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function makesGroups(config: StackConfig): boolean {
  const groups = config["licensing:groups"];
  return isMap(groups) && Object.values(groups).some((group) => isMap(group) && "create" in group);
}
