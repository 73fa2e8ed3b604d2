import { hold, manyAtATime, ours, sampleScript, type Contestant } from "./contest";
import type { Rate, Scenario } from "./results";

interface Round {
  readonly scenario: Scenario;
  readonly users: number;
  readonly contestants: readonly Contestant[];
}

/** Users per group for the sample script: its speed does not depend on the tenant's size. */
const SCRIPT_USERS = 100;

/** Parallel requests of an impatient script. */
const AT_A_TIME = 20;

/** Graph's own quota is 3,000 writes in 150 s. Its time runs so many times as fast here, for a run that ends. */
export const QUOTA_SPEED_UP = 10;
const WRITES_PER_SECOND = (3_000 / 150) * QUOTA_SPEED_UP;

/** The share of requests that meet trouble where there is some. */
const TROUBLE = 0.05;

const all = [sampleScript(SCRIPT_USERS), manyAtATime(AT_A_TIME), ours];

/** Where there is a quota the tenant is large enough for several of its windows. */
const ROUNDS: readonly Round[] = [
  { scenario: "no quota", users: 5_000, contestants: all },
  { scenario: "quota", users: 10_000, contestants: all },
  { scenario: "trouble", users: 1_000, contestants: all },
];

/** @param told hears of each contest before it begins */
export async function measureRates(
  latencyMs: number,
  told: (what: string) => void,
  mostUsers = Infinity,
): Promise<readonly Rate[]> {
  const rates: Rate[] = [];
  for (const { scenario, contestants, ...round } of ROUNDS) {
    const users = Math.min(round.users, mostUsers);
    for (const contestant of contestants) {
      told(`${scenario}, ${users} users: ${contestant.name}`);
      const contest = await hold(contestant, {
        users,
        isLicensed: true,
        latencyMs,
        ...(scenario === "quota" ? { quotaSpeedUp: QUOTA_SPEED_UP } : {}),
        ...(scenario === "trouble" ? { trouble: TROUBLE } : {}),
      });
      const quotaPerSecond = scenario === "quota" ? WRITES_PER_SECOND : null;
      rates.push({ ...contest, scenario, contestant: contestant.name, users, quotaPerSecond });
    }
  }
  return rates;
}
