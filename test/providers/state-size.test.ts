import assert from "node:assert/strict";
import { providerText, type ResourceType } from "../../dynamic-providers/hosted-resource";
import { toPulumiProvider } from "../../dynamic-providers/engine/hosted";
import type { Host } from "../../dynamic-providers/engine/host";
import { Receipts } from "../../dynamic-providers/engine/receipts";
import { baselineInputs, directLicenseBaseline } from "../../dynamic-providers/direct-license-baseline";
import { directLicenseRemoval } from "../../dynamic-providers/direct-license-removal";
import { removalInputs } from "../../dynamic-providers/removal/removal-inputs";
import { removalOutputs } from "../../dynamic-providers/removal/removal-outputs";
import { skusInScope } from "../../licensing/declaration";
import { unpackPairs } from "../../licensing/record/compact-ids";
import type { Guid } from "../../licensing/model";
import { planMigration } from "../../licensing/plan/plan-migration";
import { EMPTY_RECORD } from "../../licensing/record/record";
import { licensesDigest } from "../../licensing/decision/refused-removals";
import type { TenantSnapshot } from "../../licensing/snapshot";
import {
  catalog,
  count,
  declared,
  direct,
  inherited,
  percent,
  settled,
  user,
  userId,
  wave,
} from "../licensing/builders";

const CONNECTION = { cloud: "global", tenant: "6f1c9a52-3b0e-4c1d-9e57-2a8d4b7f10c3" } as const;
const WAVES = [wave("canary", count(20)), wave("tenth", percent(10)), wave("everyone", percent(100))];
const NOW = Date.parse("2026-11-22T10:00:00Z");

/** What the engine keeps of a row besides inputs and outputs: URN, parent, dependencies, where in the program it was made. */
const ENGINE_CHARACTERS = 2_800;

type Bag = Record<string, unknown>;

/** Of this many users Entra refuses one: a little more than 5 %. */
const REFUSES_ONE_OF = 19;

const REFUSED = {
  kind: "refused",
  detail: "License assignment cannot be done for user with invalid usage location: the licence could not be changed.",
} as const;

/** All users have EMS from their group and directly, every fifth Office 365 E3 too; and of a team, licences of their own. */
function tenantOf(users: number): TenantSnapshot {
  const groups = [declared("All users", "EMS"), declared("Finance department", "ENTERPRISEPACK")];
  const [all, finance] = groups.map(({ groupId }) => groupId);
  assert.ok(all !== undefined && finance !== undefined);
  const people = Array.from({ length: users }, (_, index) => {
    const ems = [direct("EMS"), inherited("EMS", "All users"), inherited("VISIOCLIENT", `team ${index}`)];
    const e3 = [direct("ENTERPRISEPACK"), inherited("ENTERPRISEPACK", "Finance department")];
    return user(`user ${index}`, index % 5 === 0 ? [...ems, ...e3] : ems);
  });
  return {
    declared: groups,
    catalog,
    groups: new Map(groups.map((group) => [group.groupId, settled(group)])),
    users: new Map(people.map((each) => [each.id, each])),
    members: new Map([
      [all, new Set(people.map(({ id }) => id))],
      [finance, new Set(people.flatMap(({ id }, index) => (index % 5 === 0 ? [id] : [])))],
    ]),
    nested: new Map(),
  };
}

/** Characters of the rows that know users, after everything is removed: what goes in as `check` leaves it, what comes out as it is kept. */
async function stateOf(users: number, refuses: (userId: Guid) => boolean): Promise<number> {
  const snapshot = tenantOf(users);
  const plan = planMigration({
    snapshot,
    waves: WAVES,
    named: new Map(),
    moveLast: new Map(),
    applyThrough: "everyone",
    record: EMPTY_RECORD,
    accepted: [],
    after: new Map(snapshot.declared.map(({ groupId, licenses }) => [groupId, licenses])),
    nowMs: NOW,
  });
  const host = { now: () => NOW, receipts: new Receipts() } as unknown as Host;
  const given = baselineInputs(CONNECTION, plan, skusInScope(snapshot.declared), catalog);
  const { outputs } = await directLicenseBaseline.converge(given, null, host);
  const rows = [
    await row(
      toPulumiProvider(directLicenseBaseline, () => host),
      given,
      outputs,
      "DirectLicenseBaseline",
    ),
  ];
  const removal = toPulumiProvider(directLicenseRemoval, () => host);
  for (const each of plan.waves) {
    for (const slice of each.slices) {
      const surroundings = {
        snapshot,
        nestedUsers: new Map(),
        inError: {},
        moveLast: new Map(),
        baselineDigest: "",
        showNames: false,
      };
      const timeouts = { processingMs: 600_000, inheritanceMs: 120_000, settleMs: 30_000, putBackMs: 900_000 };
      const inputs = {
        ...removalInputs(each, slice, { connection: CONNECTION, timeouts, ...surroundings }),
        __urn:
          "urn:pulumi:contoso::entra-group-licensing::pulumi-nodejs:dynamic/licensing:DirectLicenseRemoval::everyone-128",
      };
      const everybody = [...unpackPairs(inputs.__lists.planned).keys()];
      const refused = slice.removals
        .filter(({ userId }) => refuses(userId))
        .map((each) => ({ ...each, reason: REFUSED, licenses: licensesOf(each.userId, snapshot) }));
      const result = {
        ...{ removed: slice.removals.filter(({ userId }) => !refuses(userId)), blocked: refused, refused },
        ...{ pending: [], gone: [], owed: [] },
        lookedAt: everybody.length,
        halt: null,
      };
      const done = removalOutputs(inputs, null, result, everybody, catalog, NOW, NOW);
      rows.push(await row(removal, inputs, done, "DirectLicenseRemoval"));
    }
  }
  return rows.reduce((sum, characters) => sum + characters + ENGINE_CHARACTERS, 0);
}

function licensesOf(userId: Guid, { users }: TenantSnapshot): string {
  const found = users.get(userId);
  assert.ok(found !== undefined);
  return licensesDigest(found);
}

async function row(
  provider: ReturnType<typeof toPulumiProvider>,
  given: object,
  outputs: object,
  type: ResourceType,
): Promise<number> {
  const __provider = providerText(type);
  const { inputs } = await provider.check({}, { ...(given as Bag), __provider });
  return JSON.stringify(inputs).length + JSON.stringify({ ...outputs, complete: true, __provider }).length;
}

describe("the state of a migration that is done", function () {
  this.timeout(120_000);
  const sizes = new Map<number, number>();
  let refused = Number.NaN;

  before(async () => {
    for (const users of [2_000, 20_000]) sizes.set(users, await stateOf(users, () => false));
    const some = new Set(Array.from({ length: 105 }, (_, index) => userId(`user ${index * REFUSES_ONE_OF}`)));
    refused = await stateOf(2_000, (each) => some.has(each));
  });

  const size = (users: number) => sizes.get(users) ?? Number.NaN;

  for (const users of [2_000, 20_000]) {
    it(`takes at most 60 bytes a user of ${users}`, () => {
      assert.ok(size(users) / users <= 60, `${size(users) / users} a user`);
    });
  }

  it("takes at most 3 bytes a user more where Entra refuses 5 % of them, each with licences of their own", () => {
    const more = (refused - size(2_000)) / 2_000;
    assert.ok(more > 0 && more <= 3, `${more} a user more`);
    assert.ok(refused / 2_000 <= 60, `${refused / 2_000} a user`);
  });

  it("grows no faster than the users", () => {
    assert.ok(size(20_000) / size(2_000) <= 11, `${size(20_000) / size(2_000)} times`);
  });

  it("has each user twice at most: once on record, once in their wave", () => {
    const idInBase64 = (16 * 4) / 3;
    assert.ok((size(20_000) - size(2_000)) / 18_000 < 2 * idInBase64 + 12, "or a third copy of the ids");
  });
});
