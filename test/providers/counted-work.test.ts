import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { directLicenseRemoval } from "../../dynamic-providers/direct-license-removal";
import { removalInputs, type RemovalInputs } from "../../dynamic-providers/removal/removal-inputs";
import { verifiedInheritance } from "../../dynamic-providers/verified-inheritance";
import type { GateInputs } from "../../dynamic-providers/gate/gate";
import type { TenantSpec } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { membersInError } from "../../licensing/inheritance/members-in-error";
import { nestedUsersOf } from "../../licensing/snapshot";
import { elementsLookedAt } from "../emulator/elements-looked-at";
import { wave } from "../licensing/builders";
import { openRig, type Rig } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";

const small = 200;
const large = 2_000;

/** The same in any tenant, and fewer than a unit takes for any number of groups. */
const IN_THE_WAVE = 20;

const TIMEOUTS = { processingMs: 600_000, inheritanceMs: 120_000, settleMs: 30_000, putBackMs: 900_000 };

/** Elements that the providers look at, the client and the embedded Graph included. */
interface Work {
  readonly gate: number;
  /** For one unit of users. */
  readonly unit: number;
}

describe("What the providers look at in a large tenant", function () {
  this.timeout(120_000);
  let rig: Rig;

  before(async () => {
    // The contract is kept elsewhere: to look at each answer for it would be counted here.
    rig = await openRig({ onExchange: () => undefined });
  });

  after(() => rig.close());

  it("grows as the users do at the gate, and not at all for a unit of a wave, with 5 % blocked; hardly with 30 groups", async () => {
    const [two, thirty] = [await assertInProportion(2), await assertInProportion(30)];
    assert.ok(thirty.gate <= 1.5 * two.gate, `gate: ${thirty.gate} elements with 30 groups, ${two.gate} with 2`);
    assert.ok(thirty.unit <= 2 * two.unit, `unit: ${thirty.unit} elements with 30 groups, ${two.unit} with 2`);
  });

  /** @returns the work for the large tenant */
  async function assertInProportion(groups: number): Promise<Work> {
    const [few, many] = [await work(small, groups), await work(large, groups)];
    const words = (part: keyof Work) =>
      `${part}: ${many[part]} elements with ${large} users, ${few[part]} with ${small}`;
    assert.ok(many.gate <= 11 * few.gate, words("gate"));
    // What Node's own client looks at for each request differs from version to version, and is no small part of the few.
    assert.ok(many.gate >= 2 * few.gate, `${words("gate")}: nothing is counted`);
    assert.ok(many.unit <= 1.05 * few.unit, words("unit"));
    return many;
  }

  async function work(users: number, groups: number): Promise<Work> {
    rig.start(tenant(users, groups));
    const { gate, unit } = await inputs(groups);
    rig.host.receipts.baselineIsKept(unit.__lists.baselineDigest);
    return {
      gate: await elementsLookedAt(async () => {
        const { unfinished } = await verifiedInheritance.converge(gate, null, rig.host);
        assert.deepEqual(unfinished, []);
      }),
      unit: await elementsLookedAt(async () => {
        const { outputs, unfinished } = await directLicenseRemoval.converge(unit, null, rig.host);
        assert.deepEqual([outputs.status, unfinished], ["done", []]);
      }),
    };
  }

  async function inputs(groups: number): Promise<{ readonly gate: GateInputs; readonly unit: RemovalInputs }> {
    const { plan, snapshot } = await new SmallStack(rig, stackFile(groups)).plan();
    const [canary] = plan.waves;
    const [slice] = canary?.slices ?? [];
    assert.ok(canary && slice);
    const shared = { connection: rig.connection, timeouts: TIMEOUTS, __urn: "row" };
    const surroundings = {
      ...shared,
      snapshot,
      nestedUsers: nestedUsersOf(snapshot),
      inError: membersInError(snapshot),
      moveLast: plan.moveLast,
      baselineDigest: "",
      showNames: false,
    };
    return {
      gate: {
        ...shared,
        groups: snapshot.declared,
        digest: "",
        acceptLoss: [],
        successors: [],
        lostSubscriptions: {},
        moveLast: {},
        reprocess: false,
        __failing: "",
      },
      unit: { ...removalInputs(canary, slice, surroundings), __urn: shared.__urn },
    };
  }
});

/** Sites give EMS to all users, offices Office 365 E3 to one in five. */
function tenant(users: number, groups: number): TenantSpec {
  const seed = seedTenant({ users, finance: users / 5 });
  const half = groups / 2;
  const people = seed.users ?? [];
  const everySo = (of: typeof people, start: number) =>
    of.filter((_, at) => at % half === start).map(({ id }) => id ?? "");
  const each = Array.from({ length: half }, (_, at) => at);
  return {
    ...seed,
    users: people.map((user, at) => (at % 20 === 19 ? { ...user, inherited: [noSeat(`Site ${at % half}`)] } : user)),
    groups: [
      ...each.map((at) => ({
        displayName: `Site ${at}`,
        members: everySo(people, at),
        licenses: [{ sku: "EMS" }],
      })),
      ...each.map((at) => ({
        displayName: `Office ${at}`,
        members: everySo(people.slice(0, users / 5), at),
        licenses: [{ sku: "ENTERPRISEPACK" }],
      })),
    ],
  };
}

function noSeat(group: string) {
  return { group, sku: "EMS", state: "Error", error: "CountViolation" } as const;
}

function stackFile(groups: number): SmallStackFile {
  const people = seedTenant({ users: small }).users ?? [];
  const users = people.slice(0, IN_THE_WAVE).map(({ userPrincipalName }) => userPrincipalName);
  const giving = (name: string, sku: string) =>
    Array.from({ length: groups / 2 }, (_, at) => ({
      name: `${name.toLowerCase()}-${at}`,
      existing: `${name} ${at}`,
      licenses: [{ sku, disabledPlans: [] }],
    }));
  return {
    groups: [...giving("Site", "EMS"), ...giving("Office", "ENTERPRISEPACK")],
    waves: [wave("canary", { kind: "users", users })],
    applyThrough: "canary",
  };
}
