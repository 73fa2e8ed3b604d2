import type { TenantSnapshot } from "../../../licensing/snapshot";
import type { WaveSpec } from "../../../licensing/stack-file/stack-file";
import { readTenant } from "../plan-tenant";
import { companyStackFile, companyTenant, type Company } from "./company";
import { atMostTimes, type CountedWork } from "./counted";
import { elementsLookedAt } from "./elements-looked-at";
import { openInProcess } from "./in-process";
import { OneRun, type State } from "./one-run";

const SMALL = 500;
const LARGE = 5_000;

const EVERYONE = { name: "everyone", percent: 100 };
const WAVES = [{ name: "canary", count: 20 }, { name: "tenth", percent: 10 }, { name: "half", percent: 50 }, EVERYONE];

const NEW = { groups: 2, isLicensed: false, blockedInHundred: 0 };
const BLOCKED = { groups: 2, isLicensed: true, blockedInHundred: 5 };

/** Elements by part of a run. */
type Work = Readonly<Record<string, number>>;

/** What a run's decisions look at, part by part: they grow as the users do, and hardly with the groups. */
export async function decisionWork(): Promise<readonly CountedWork[]> {
  const two = await bothSizes("5 % blocked", (users) => work({ ...BLOCKED, users }, WAVES));
  const thirty = await bothSizes("30 groups", (users) => work({ ...BLOCKED, groups: 30, users }, WAVES));
  const together = { small: sum(two.large), large: sum(thirty.large) };
  return [
    ...(await bothSizes("before the groups give anything", (users) => work({ ...NEW, users }, [EVERYONE]))).rows,
    ...two.rows,
    ...thirty.rows,
    atMostTimes(1.5, {
      work: "decisions: all parts",
      sizes: `2 → 30 groups, ${LARGE.toLocaleString("en-US")} users`,
      ...together,
    }),
    ...(await bothSizes("in the middle, with a rollback", inTheMiddle)).rows,
  ];
}

/** With direct licences that came back, and a wave that is put back. */
async function inTheMiddle(users: number): Promise<Work> {
  const company = { ...BLOCKED, users };
  const { state, moved } = await upOf(company);
  const stillMoved = new Set([...moved].filter((id) => !id.endsWith("0")));
  const waves = WAVES.map((wave) => ({ ...wave, rollback: wave.name === "half" }));
  return work({ ...company, moved: stillMoved }, waves, state);
}

async function bothSizes(name: string, of: (users: number) => Promise<Work>) {
  const [small, large] = [await of(SMALL), await of(LARGE)];
  const sizes = `${SMALL} → ${LARGE.toLocaleString("en-US")} users`;
  const row = (part: string, least?: number) => {
    const counted = { work: `decisions, ${name}: ${part}`, sizes, small: small[part] ?? 0, large: large[part] ?? 0 };
    return atMostTimes(11, counted, least);
  };
  // A record may be empty, but a plan has to be counted.
  return { large, rows: Object.keys(large).map((part) => row(part, part === "plan" ? 5 : 0)) };
}

async function work(company: Company, waves: readonly object[], before?: State): Promise<Work> {
  const { snapshot, specs } = await read(company, waves);
  const run = new OneRun(snapshot, specs, before);
  const of: Record<string, number> = {};
  const part = async <T>(name: string, decide: () => T): Promise<T> => {
    const made: T[] = [];
    of[name] = await elementsLookedAt(() => made.push(decide()));
    return made[0] as T;
  };
  const record = await part("record", () => run.record());
  const input = await part("input", () => run.input(record));
  const plan = await part("plan", () => run.plan(input));
  await part("document", () => {
    run.document(input, plan);
  });
  const rows = await part("rows", () => run.rows(plan));
  await part("state", () => run.state(plan, rows));
  return of;
}

/** All waves run as planned. */
async function upOf(company: Company): Promise<{ readonly state: State; readonly moved: ReadonlySet<string> }> {
  const { snapshot, specs } = await read(company, WAVES);
  const run = new OneRun(snapshot, specs);
  const plan = run.plan(run.input(run.record()));
  const slices = plan.waves.flatMap((wave) => wave.slices);
  const moved = slices.flatMap(({ removals }) => removals.map(({ userId }) => userId));
  return { state: run.state(plan, run.rows(plan)), moved: new Set(moved) };
}

async function read(
  company: Company,
  waves: readonly object[],
): Promise<{ readonly snapshot: TenantSnapshot; readonly specs: readonly WaveSpec[] }> {
  const { emulator, host, connection } = await openInProcess(companyTenant(company));
  try {
    const stackFile = companyStackFile(company, waves);
    const { input } = await readTenant(host.connectForReading(connection), stackFile);
    return { snapshot: input.snapshot, specs: stackFile.waves };
  } finally {
    await emulator.close();
  }
}

function sum(of: Work): number {
  return Object.values(of).reduce((all, each) => all + each, 0);
}
