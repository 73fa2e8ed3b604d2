import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../../../dynamic-providers/engine/host";
import { Receipts } from "../../../dynamic-providers/engine/receipts";
import { toPulumiProvider } from "../../../dynamic-providers/engine/hosted";
import { directLicenseRemoval } from "../../../dynamic-providers/direct-license-removal";
import { removalInputs } from "../../../dynamic-providers/removal/removal-inputs";
import { QUOTAS, type Quota, type Quotas } from "../../../graph/pacing/quotas";
import { SharedPacers } from "../../../graph/pacing/shared-pacers";
import { connectForReading, connectForWriting, type GraphConnection } from "../../../graph/tenant-graph";
import { membersInError } from "../../../licensing/inheritance/members-in-error";
import type { MigrationPlan } from "../../../licensing/plan/plan";
import { nestedUsersOf, type TenantSnapshot } from "../../../licensing/snapshot";
import { planTenant } from "../plan-tenant";
import { theStackFile } from "../stack-file";
import { contest } from "./result";

/**
 * The program's own way without the engine: reads the tenant, plans, and lets the removal provider create each part of the wave in
 * order, run after run, until nothing is left to do.
 * Arguments: the address of Graph, and how many times as fast as in reality the time of its quotas runs, if it has any.
 */
const [url = "", speedUp = ""] = process.argv.slice(2);

const stackFile = theStackFile(url);
const { cloud, tenant } = stackFile;
const connection: GraphConnection = { cloud, tenant };

/** Runs that a person would start before they look for help. */
const RUNS = 5;

const pacers = new SharedPacers();
// For a Graph without quotas: more than any client can send.
const quotas =
  speedUp === "" ? eachQuota(({ windowMs }) => ({ amount: 1e12, windowMs })) : fasterQuotas(Number(speedUp));

const receipts = new Receipts();
// There is no state here, and nothing to put back from it.
receipts.baselineIsKept("");

/** A host with real time, without output and without stop requests. */
const host: Host = {
  receipts,
  connectForReading: (to) => connectForReading(to, { pacers, quotas }),
  connectForWriting: (to) => connectForWriting(to, { pacers, quotas }),
  now: () => Date.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
  status: () => Promise.resolve(),
  say: () => Promise.resolve(),
  stopReason: () => Promise.resolve(null),
  interruption: () => null,
};

/** Graph's quotas with time that runs `speedUp` times as fast, as in the embedded Graph. */
function fasterQuotas(speedUp: number): Quotas {
  return eachQuota(({ amount, windowMs }) => ({ amount, windowMs: windowMs / speedUp }));
}

function eachQuota(change: (quota: Quota) => Quota): Quotas {
  const { writes, audits, units } = QUOTAS;
  return {
    writes: change(writes),
    audits: change(audits),
    units: units.map((quota) => ({ ...quota, ...change(quota) })),
  };
}

async function removeInWaves(): Promise<{ failed: number }> {
  let left = 0;
  for (let run = 1; run <= RUNS; run += 1) {
    const { plan, input } = await planTenant(host.connectForReading(connection), stackFile);
    const failures = await removeAsPlanned(plan, input.snapshot);
    left = failures;
    if (failures === 0) break;
  }
  return { failed: left };
}

/** @returns parts of the wave that halted */
async function removeAsPlanned(plan: MigrationPlan, snapshot: TenantSnapshot): Promise<number> {
  const provider = toPulumiProvider(directLicenseRemoval, () => host);
  const surroundings = {
    connection,
    snapshot,
    nestedUsers: nestedUsersOf(snapshot),
    inError: membersInError(snapshot),
    moveLast: plan.moveLast,
    baselineDigest: "",
    timeouts: stackFile.timeouts,
    showNames: false,
  };
  for (const wave of plan.waves) {
    for (const slice of wave.slices) {
      const inputs = { ...removalInputs(wave, slice, surroundings), __urn: `${wave.name}-${slice.number}` };
      try {
        await provider.create(JSON.parse(JSON.stringify(inputs)) as Record<string, unknown>);
      } catch (error) {
        console.error(error instanceof Error ? error.message : String(error));
        return 1;
      }
    }
  }
  return 0;
}

void contest(removeInWaves);
