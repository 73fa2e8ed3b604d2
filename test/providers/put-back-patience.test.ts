import { ClientSecretCredential } from "@azure/identity";
import assert from "node:assert/strict";
import type { FaultHandle } from "../../emulator";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { GROUPS, idOf, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const BACK: SmallStackFile = { ...EVERYONE, waves: [wave("everyone", percent(100), { rollback: true })] };
const CLEO = idOf("cleo");
const MINUTE = 60_000;
const PUT_BACK_MS = 15 * MINUTE;

/** What is out of order, and for how long since the first write that puts something back. */
type Outage = "Graph" | "the sign-in";

describe("a put-back goes on for licensing:timeouts.putBack", function () {
  this.timeout(120_000);
  const rig = rigOf();
  let began: number | null;

  beforeEach(() => {
    rig.start(tenant());
    began = null;
    letTheSignInFail();
  });

  const now = () => rig.emulator.clock.now().getTime();
  const lastedMs = () => now() - (began ?? now());
  const hasDirect = (id: string) => rig.emulator.tenant.directAssignments().some(({ userId }) => userId === id);
  let isSignInOut = false;

  /** Each sign-in is made anew, as with `az login`. */
  function letTheSignInFail(): void {
    isSignInOut = false;
    const { AZURE_TENANT_ID = "", AZURE_CLIENT_ID = "", AZURE_CLIENT_SECRET = "" } = process.env;
    const options = { authorityHost: rig.emulator.url, disableInstanceDiscovery: true };
    rig.host.credential = {
      getToken: (scopes) =>
        isSignInOut
          ? Promise.reject(new Error("AADSTS90033: A transient error has occurred. Please try again."))
          : new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, options).getToken(scopes),
    };
  }

  /** From Cleo's next write on nothing is answered, or no token is taken and none is given. */
  function goOut(what: Outage, forMs: number): void {
    const then = { status: what === "Graph" ? 503 : 401 } as const;
    const herWrite = { path: /assignLicense/, userId: CLEO };
    let outage: FaultHandle | undefined;
    rig.emulator.faults.add({
      match: herWrite,
      times: 1,
      then: () => {
        began = now();
        isSignInOut = what === "the sign-in";
        outage = rig.emulator.faults.add({ match: {}, then });
      },
    });
    rig.emulator.faults.add({ match: herWrite, times: 1, then });
    rig.host.onSleep = (ms) => {
      if (began === null || lastedMs() + ms < forMs) return;
      isSignInOut = false;
      outage?.remove();
    };
  }

  /** Cleo was moved, and what the group gives fails for her since. */
  async function owing(): Promise<SmallStack> {
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    const inError = { state: "Error", error: "CountViolation" } as const;
    rig.emulator.tenant.setAssignmentState(upn("cleo"), "EMS", "All users", inError);
    return stack;
  }

  for (const what of ["Graph", "the sign-in"] as const) {
    it(`of a debt, while ${what} is away for twelve minutes`, async () => {
      const stack = await owing();
      goOut(what, 12 * MINUTE);
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.ok(lastedMs() >= 12 * MINUTE, `${lastedMs()} ms`);
      assert.ok(hasDirect(CLEO));
      assert.deepEqual((await stack.plan()).plan.debts.owed, []);
    });

    it(`of a debt, and ends while ${what} stays away: it is owed still, and paid by the next run`, async () => {
      const stack = await owing();
      goOut(what, 20 * MINUTE);
      const { ran, unfinished } = await stack.up();
      assert.deepEqual([ran, unfinished.length], [["debts"], 1]);
      assert.match(unfinished.join(), /^1 user without an answer: /);
      assert.ok(lastedMs() >= PUT_BACK_MS && lastedMs() < PUT_BACK_MS + 2 * MINUTE, `${lastedMs()} ms`);
      assert.deepEqual([hasDirect(CLEO), stack.debts().owed], [false, { EMS: 1 }]);
      rig.host.onSleep(20 * MINUTE);
      assert.deepEqual(
        (await stack.plan()).plan.debts.owed.map(({ userId }) => userId),
        [CLEO],
      );
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.ok(hasDirect(CLEO));
    });

    it(`of a rollback, while ${what} is away for twelve minutes`, async () => {
      const stack = new SmallStack(rig, EVERYONE);
      await stack.up();
      stack.file = BACK;
      goOut(what, 12 * MINUTE);
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.ok(lastedMs() >= 12 * MINUTE, `${lastedMs()} ms`);
      assert.deepEqual([hasDirect(CLEO), stack.wave().status], [true, "rolled-back"]);
    });
  }

  it("where the outage begins in the middle of a unit, and others of it have had their answer", async () => {
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    stack.file = BACK;
    const match = { path: /^\/users\/[^/]+/, userId: CLEO };
    const outage = rig.emulator.faults.add({ match: { ...match, method: "POST" }, then: { status: 503 } });
    rig.host.onSleep = (ms) => {
      if (outage.hits > 0) began ??= now();
      if (began !== null && lastedMs() + ms >= 12 * MINUTE) outage.remove();
    };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.ok(lastedMs() >= 12 * MINUTE, `${lastedMs()} ms`);
    assert.ok(hasDirect(CLEO));
  });

  it("of a debt as the stack file says", async () => {
    const stack = await owing();
    stack.file = { ...EVERYONE, timeouts: { putBackMs: 3 * MINUTE } };
    goOut("Graph", 12 * MINUTE);
    assert.equal((await stack.up()).unfinished.length, 1);
    assert.ok(lastedMs() >= 3 * MINUTE && lastedMs() < 5 * MINUTE, `${lastedMs()} ms`);
    rig.host.onSleep(12 * MINUTE);
    assert.equal((await stack.plan()).plan.debts.owed.length, 1);
  });
});
