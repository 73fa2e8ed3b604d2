import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { TenantSnapshot } from "../../licensing/snapshot";
import type { WaveSpec } from "../../licensing/stack-file/stack-file";
import { elementsLookedAt } from "../emulator/elements-looked-at";
import { count, percent, wave } from "./builders";
import { largeTenant, type LargeTenant } from "./large-tenant";
import { OneRun, type State } from "./one-run";

const small = 500;
const large = 5_000;

const ONE_WAVE = [wave("everyone", percent(100))];
const WAVES = [wave("canary", count(20)), wave("tenth", percent(10)), wave("half", percent(50)), ...ONE_WAVE];

type Tenant = Omit<LargeTenant, "users">;

const NEW: Tenant = { groups: 2, isLicensed: false, blockedInHundred: 0 };
const BLOCKED: Tenant = { groups: 2, isLicensed: true, blockedInHundred: 5 };

/** Elements that each part of a run looks at. */
type Work = Readonly<Record<string, number>>;

describe("The decisions of a run for a large tenant", () => {
  it("grow as the users do, before the groups give anything", () =>
    assertInProportion((users) => work(largeTenant({ ...NEW, users }), ONE_WAVE)));

  it("grow as the users do with 5 % blocked, in several waves, and 30 groups take hardly more than 2", async () => {
    const withGroups = (groups: number) =>
      assertInProportion((users) => work(largeTenant({ ...BLOCKED, groups, users }), WAVES));
    const [two, thirty] = [sum(await withGroups(2)), sum(await withGroups(30))];
    assert.ok(thirty <= 1.5 * two, `${thirty} elements with 30 groups, ${two} with 2`);
  });

  it("grow as the users do in the middle of a migration, with licences that came back and a wave that is put back", () =>
    assertInProportion((users) => {
      const { state, moved } = upOf(largeTenant({ ...BLOCKED, users }), WAVES);
      const isMoved = ({ id }: { readonly id: string }) => moved.has(id) && !id.endsWith("00");
      const waves = WAVES.map((each) => ({ ...each, rollback: each.name === "half" }));
      return work(largeTenant({ ...BLOCKED, users, isMoved }), waves, state);
    }));

  it("are counted alike each time", async () => {
    const once = () => work(largeTenant({ ...BLOCKED, users: small }), WAVES);
    assert.deepEqual(await once(), await once());
  });
});

/** @returns the work for the large tenant */
async function assertInProportion(of: (users: number) => Promise<Work>): Promise<Work> {
  const [few, many] = [await of(small), await of(large)];
  for (const [part, elements] of Object.entries(many)) {
    const before = few[part] ?? 0;
    assert.ok(elements <= 11 * before, `${part}: ${elements} elements with ${large} users, ${before} with ${small}`);
  }
  assert.ok(sum(many) >= 5 * sum(few), `${sum(many)} elements with ${large} users, ${sum(few)} with ${small}`);
  return many;
}

async function work(tenant: TenantSnapshot, waves: readonly WaveSpec[], before?: State): Promise<Work> {
  const run = new OneRun(tenant, waves, before);
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
function upOf(
  tenant: TenantSnapshot,
  waves: readonly WaveSpec[],
): { readonly state: State; readonly moved: ReadonlySet<string> } {
  const run = new OneRun(tenant, waves);
  const plan = run.plan(run.input(run.record()));
  const moved = plan.waves.flatMap(({ slices }) =>
    slices.flatMap(({ removals }) => removals.map(({ userId }) => userId)),
  );
  return { state: run.state(plan, run.rows(plan)), moved: new Set(moved) };
}

function sum(of: Work): number {
  return Object.values(of).reduce((all, each) => all + each, 0);
}
