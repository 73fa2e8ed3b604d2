import assert from "node:assert/strict";
import type { TenantSpec } from "../../emulator";
import { percent, wave } from "../licensing/builders";
import { openRig, type Rig } from "./rig";
import { SmallStack } from "./small-stack";
import { upn } from "./tenants";

const USERS = 3_000;
const SKUS = 40;
/** Of each SKU's holders, every fourth is in no group that gives it. */
const OUTSIDE = 4;

const guid = (kind: number, number: number) => `00000000-0000-4000-800${kind}-${number.toString(16).padStart(12, "0")}`;
const partNumber = (sku: number) => `PRODUCT_${sku}`;
/** What a user holds directly: one to three SKUs. */
const heldBy = (user: number) => [
  ...new Set(Array.from({ length: 1 + (user % 3) }, (_, at) => (user * 7 + at * 11) % SKUS)),
];
const isOutside = (user: number, sku: number) => (user * 5 + sku * 3) % OUTSIDE === 0;
const numbers = (length: number) => Array.from({ length }, (_, at) => at);

function tenant(): TenantSpec {
  const members = numbers(SKUS).map((sku) =>
    numbers(USERS).filter((user) => heldBy(user).includes(sku) && !isOutside(user, sku)),
  );
  return {
    skus: numbers(SKUS).map((sku) => ({
      skuId: guid(1, sku),
      skuPartNumber: partNumber(sku),
      seats: USERS,
      servicePlans: [{ servicePlanId: guid(2, sku), servicePlanName: `PLAN_${sku}`, appliesTo: "User" }],
    })),
    users: numbers(USERS).map((user) => ({
      userPrincipalName: upn(`person${user}`),
      licenses: heldBy(user).map((sku) => ({ sku: partNumber(sku) })),
    })),
    groups: members.map((users, sku) => ({
      displayName: `Group ${sku}`,
      members: users.map((user) => upn(`person${user}`)),
      licenses: [{ sku: partNumber(sku) }],
    })),
  };
}

describe("3,000 users with 40 products, many blocked for one and movable for another", function () {
  this.timeout(600_000);

  let rig: Rig;
  let stack: SmallStack;
  const movable = numbers(USERS).flatMap((user) => heldBy(user).filter((sku) => !isOutside(user, sku))).length;
  const all = numbers(USERS).flatMap(heldBy).length;

  before(async () => {
    rig = await openRig();
    rig.start(tenant());
    stack = new SmallStack(rig, {
      groups: numbers(SKUS).map((sku) => ({
        name: `group-${sku}`,
        existing: `Group ${sku}`,
        licenses: [{ sku: partNumber(sku), disabledPlans: [] }],
      })),
      waves: [wave("everyone", percent(100))],
      applyThrough: "everyone",
    });
  });

  after(() => rig.close());

  const left = () => rig.emulator.tenant.directAssignments();
  const readsOf = (userIds: ReadonlySet<string>) =>
    rig.emulator.requests.all({ method: "GET", path: /^\/users\// }).filter(({ path }) => {
      const id = /^\/users\/([0-9a-f-]{36})/.exec(path)?.[1];
      return id !== undefined && userIds.has(id);
    }).length;

  it("a run that is stopped keeps what it did, and the next one does the rest without a look at finished users", async () => {
    rig.host.stop = () => (left().length < all - movable / 3 ? "enough for now" : null);
    assert.match((await stack.up()).unfinished.join("\n"), /enough for now/);
    const done = all - left().length;
    assert.ok(done >= movable / 3 && done < movable, `${done} of ${movable}`);
    rig.host.stop = () => null;
    const holdings = new Set(left().map(({ userId, skuId }) => `${userId} ${skuId}`));
    const finished = new Set(
      numbers(USERS).flatMap((user) => {
        const { id } = rig.emulator.tenant.user(upn(`person${user}`));
        const mine = heldBy(user).filter((sku) => !isOutside(user, sku));
        return mine.length > 0 && mine.every((sku) => !holdings.has(`${id} ${guid(1, sku)}`)) ? [id] : [];
      }),
    );
    const before = readsOf(finished);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.ok(finished.size > USERS / 5);
    assert.equal(readsOf(finished), before, "finished users");
    assert.equal(left().length, all - movable, "all that is movable");
  });

  it("then there is nothing to do, and no user lost anything", async () => {
    const before = rig.emulator.requests.writes().length;
    assert.deepEqual(await stack.preview(), []);
    assert.deepEqual((await stack.up()).ran, []);
    assert.equal(rig.emulator.requests.writes().length, before);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });
});
