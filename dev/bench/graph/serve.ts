import { createEmulator, type Emulator, type FaultEffect } from "../../../emulator";
import { benchTenant } from "./tenant";
import type { GraphAnswer, GraphFigures, GraphRequest, GraphWishes } from "./wishes";

/** The embedded Graph in a process of its own, so that its share of the time can be told from ours. */

/** What befalls a busy service, in equal parts. All pass by themselves, as long as one waits or asks again. */
const EFFECTS: readonly FaultEffect[] = [
  { status: 429, retryAfter: 1 },
  { status: 503, retryAfter: 1 },
  // It was done, and the answer says that it was not.
  { status: 504, afterDoing: true },
  "reset",
];

let emulator: Emulator | undefined;
let cpuAtBeginning = process.cpuUsage();
let countsAtBeginning = { removed: 0 };

async function start(wishes: GraphWishes): Promise<void> {
  emulator = await createEmulator({
    tenant: benchTenant(wishes),
    latencyMs: wishes.latencyMs,
    // What Entra takes its time for is not what is measured.
    processing: { queueMs: 0, usersPerSecond: 1_000_000, joinMs: 0, leaveMs: 0 },
    ...(wishes.quotaSpeedUp === undefined ? {} : { throttle: { speedUp: wishes.quotaSpeedUp } }),
  });
  const { trouble } = wishes;
  if (trouble !== undefined) {
    for (const then of EFFECTS) emulator.faults.add({ probability: trouble / EFFECTS.length, then });
  }
  const { url, caFile } = emulator;
  say({
    is: "listening",
    address: { url, caFile, credentials: emulator.credentials(), startMs: process.uptime() * 1000 },
  });
}

function begin({ requests, history }: Emulator): void {
  requests.clear();
  cpuAtBeginning = process.cpuUsage();
  countsAtBeginning = { removed: sum(history.removals()) };
}

function figures({ requests, history }: Emulator): GraphFigures {
  const { user, system } = process.cpuUsage(cpuAtBeginning);
  const cpuMs = (user + system) / 1000;
  const writes = requests.writes();
  const took = writes.filter(({ status }) => status === 200);
  return {
    http: requests.http(),
    writes: writes.length,
    resourceUnits: requests.all().reduce((units, entry) => units + entry.units, 0),
    // Trouble that was asked for is none of the client's doing, and comes before a request has a price.
    throttled: requests.all({ status: 429 }).filter(({ units }) => units > 0).length,
    early: requests.early().length,
    removed: sum(history.removals()) - countsAtBeginning.removed,
    servicesLost: history.servicesLost(),
    cpuMs,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    busyMs: (took.at(-1)?.at.getTime() ?? 0) - (took[0]?.at.getTime() ?? 0),
  };
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, each) => total + each, 0);
}

function say(answer: GraphAnswer): void {
  process.send?.(answer);
}

process.on("message", (request: GraphRequest) => {
  if (request.do === "start") {
    void start(request.wishes);
    return;
  }
  if (emulator === undefined) throw new Error("the embedded Graph has not started yet");
  if (request.do === "begin") begin(emulator);
  say({ is: "figures", figures: figures(emulator) });
});

// The parent process has gone.
process.on("disconnect", () => {
  void emulator?.close().finally(() => process.exit(0));
});
