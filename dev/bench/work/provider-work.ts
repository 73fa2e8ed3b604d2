import { directLicenseRemoval } from "../../../dynamic-providers/direct-license-removal";
import type { GateInputs } from "../../../dynamic-providers/gate/gate";
import { removalInputs, type RemovalInputs } from "../../../dynamic-providers/removal/removal-inputs";
import { verifiedInheritance } from "../../../dynamic-providers/verified-inheritance";
import { membersInError } from "../../../licensing/inheritance/members-in-error";
import { nestedUsersOf } from "../../../licensing/snapshot";
import { planTenant } from "../plan-tenant";
import { companyStackFile, companyTenant, waveOfFirst, type Company } from "./company";
import { atMostTimes, type CountedWork } from "./counted";
import { elementsLookedAt } from "./elements-looked-at";
import { openInProcess, type InProcess } from "./in-process";

const SMALL = 200;
const LARGE = 2_000;

/** The same in any tenant, and fewer than a unit takes for any number of groups. */
const IN_THE_WAVE = 20;

const TIMEOUTS = { processingMs: 600_000, inheritanceMs: 120_000, settleMs: 30_000, putBackMs: 900_000 };

/** Elements that the providers look at, the client and the embedded Graph included. */
interface Work {
  readonly gate: number;
  /** For one unit of users. */
  readonly unit: number;
}

/** What the gate and a unit look at: the gate grows as the users do, a unit not at all; both hardly with the groups. */
export async function providerWork(): Promise<readonly CountedWork[]> {
  const [few, many, manyGroups] = [await work(SMALL, 2), await work(LARGE, 2), await work(LARGE, 30)];
  const users = { sizes: `${SMALL} → ${LARGE.toLocaleString("en-US")} users` };
  const groups = { sizes: `2 → 30 groups, ${LARGE.toLocaleString("en-US")} users` };
  return [
    atMostTimes(11, { work: "the gate", ...users, small: few.gate, large: many.gate }, 2),
    atMostTimes(1.05, { work: "a unit of a wave", ...users, small: few.unit, large: many.unit }),
    atMostTimes(1.5, { work: "the gate", ...groups, small: many.gate, large: manyGroups.gate }),
    // The users of a unit are in up to 20 groups then, each of which is read.
    atMostTimes(2.5, { work: "a unit of a wave", ...groups, small: many.unit, large: manyGroups.unit }),
  ];
}

async function work(users: number, groups: number): Promise<Work> {
  const company = { users, groups, isLicensed: true, blockedInHundred: 5 };
  const opened = await openInProcess(companyTenant(company));
  const { host, emulator } = opened;
  try {
    const { gate, unit } = await inputs(opened, company);
    host.receipts.baselineIsKept(unit.__lists.baselineDigest);
    return {
      gate: await elementsLookedAt(async () => {
        const { unfinished } = await verifiedInheritance.converge(gate, null, host);
        mustBeDone(unfinished);
      }),
      unit: await elementsLookedAt(async () => {
        const { outputs, unfinished } = await directLicenseRemoval.converge(unit, null, host);
        mustBeDone([...unfinished, ...(outputs.status === "done" ? [] : [outputs.status])]);
      }),
    };
  } finally {
    await emulator.close();
  }
}

function mustBeDone(unfinished: readonly string[]): void {
  if (unfinished.length > 0) throw new Error(`counted work did not come to its end: ${unfinished.join("; ")}`);
}

async function inputs(
  { host, connection }: InProcess,
  company: Company,
): Promise<{ readonly gate: GateInputs; readonly unit: RemovalInputs }> {
  const stackFile = companyStackFile(company, [waveOfFirst(IN_THE_WAVE)]);
  const { plan, input } = await planTenant(host.connectForReading(connection), stackFile);
  const { snapshot } = input;
  const [canary] = plan.waves;
  const [slice] = canary?.slices ?? [];
  if (canary === undefined || slice === undefined) throw new Error("the plan has no wave");
  const surroundings = {
    connection,
    snapshot,
    nestedUsers: nestedUsersOf(snapshot),
    inError: membersInError(snapshot),
    moveLast: plan.moveLast,
    baselineDigest: "",
    timeouts: TIMEOUTS,
    showNames: false,
  };
  return {
    gate: {
      ...{ connection, timeouts: TIMEOUTS, __urn: "row", groups: snapshot.declared, digest: "" },
      ...{ acceptLoss: [], successors: [], lostSubscriptions: {}, moveLast: {}, reprocess: false, __failing: "" },
    },
    unit: { ...removalInputs(canary, slice, surroundings), __urn: "row" },
  };
}
