import type { EngineRun } from "../../cli/engine/local-stack";
import type { EmulatorOptions } from "../../emulator";
import { startStandIn } from "../../emulator/azuread/start";
import { isMap } from "../../cli/config-in-file";
import type { RehearsalCopy } from "../copy/schema";
import type { StackConfig } from "../copy/stack-config";
import { openEmbedded, type Embedded } from "../embedded/open";
import { tenantOf } from "../embedded/tenant-of";
import { serveClock } from "../process/clock-service";
import { clockAhead, closedEnvironment, machineOf } from "../process/closed-environment";
import type { Interruption } from "../process/interruption";

/** As slow as Entra, so that a change in the middle of a wave takes effect minutes later, and a wave meets it on either side. */
const PROCESSING = { queueMs: 30_000, usersPerSecond: 2_000, joinMs: 60_000, leaveMs: 120_000 };

/** The copied tenant with a clock that can be moved, and a stack for it. */
export interface Stage extends Embedded {
  /** Runs the engine at the tenant's time. @throws Interrupted after a signal */
  readonly run: (command: readonly string[], environment?: NodeJS.ProcessEnv) => Promise<EngineRun>;
  /** Moves the clock forward, for example past the end of a soak. */
  readonly advance: (ms: number) => void;
}

export async function openStage(
  copy: RehearsalCopy,
  options: Pick<EmulatorOptions, "throttle">,
  interruption: Interruption,
): Promise<Stage> {
  const embedded = await openEmbedded({
    stack: copy.stack,
    config: copy.stackFile,
    tenant: { tenant: tenantOf(copy), processing: PROCESSING, ...options },
    base: machineOf(process.env),
    environment: closedEnvironment,
    plugin: makesGroups(copy.stackFile) ? startStandIn : undefined,
  });
  let aheadMs = 0;
  const advance = (ms: number) => {
    aheadMs += ms;
    embedded.emulator.clock.advance(ms);
  };
  const clock = await serveClock((untilMs) => {
    advance(Math.max(0, untilMs - Date.now() - aheadMs));
    return aheadMs;
  });
  return {
    ...embedded,
    run: (command, environment = {}) => {
      const { stack } = embedded;
      const atItsTime = { ...clockAhead(aheadMs, clock.port), ...environment };
      return interruption.untilEnd(stack.start(stack.words(command), "pipe", atItsTime));
    },
    advance,
    close: async () => {
      clock.close();
      await embedded.close();
    },
  };
}

function makesGroups(config: StackConfig): boolean {
  const groups = config["licensing:groups"];
  return isMap(groups) && Object.values(groups).some((group) => isMap(group) && "create" in group);
}
