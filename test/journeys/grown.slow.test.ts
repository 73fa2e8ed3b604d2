import assert from "node:assert/strict";
import { azureadPlugin } from "./azuread/plugin";
import { discovered } from "./discovered";
import { grownTenant } from "./grown-tenant";
import { journeyOf } from "./journey";
import { rehearsed } from "./rehearsed";

/** Without the soaks that discover proposes: a day of a journey has no night. */
const WAVES = [
  { name: "canary", count: 20 },
  { name: "everyone", percent: 100 },
];

describe("journey: the stack file that discover writes about a company that grew, as it is", function () {
  this.timeout(400_000);

  const processing = { queueMs: 10, usersPerSecond: 100_000, joinMs: 10, leaveMs: 10, ruleMs: 50 };
  const journey = journeyOf(() => ({ tenant: grownTenant(), processing }), {}, azureadPlugin);
  const plansOfAll = () => {
    const { tenant } = journey.emulator;
    return new Map(tenant.users().map(({ id }) => [id, new Set(tenant.effectivePlans(id))]));
  };
  let plansAtFirst: ReturnType<typeof plansOfAll>;
  let proposed: Readonly<Record<string, unknown>>;

  it("previews without a refusal, and warns of nothing but the subscription in grace", async () => {
    plansAtFirst = plansOfAll();
    proposed = await discovered(journey);
    journey.edit({ ...proposed, "licensing:waves": WAVES });
    const { text } = await journey.preview();
    assert.doesNotMatch(text, /error:/);
    const warnings = text.split("\n").filter((line) => line.includes("warning:"));
    assert.match(text, /not yet evaluated by the rule of LIC E3 \+ EMS E3\. Entra has not evaluated the rule yet/);
    assert.deepEqual(
      warnings.filter((line) => !/POWER_BI_PRO|grace/.test(line)),
      [],
    );
  });

  it("is rehearsed on a copy, where no user loses anything", async () => {
    const rehearsal = await rehearsed(journey, proposed, "--no-rollback");
    assert.deepEqual(rehearsal?.lost, []);
    assert.equal(journey.emulator.requests.writes().length, 0);
  });

  it("goes through all waves, and takes from no user what a group does not give", async () => {
    await journey.up();
    journey.edit({ "licensing:applyThrough": "everyone" });
    // What a rule takes is known after the first up.
    await journey.up();
    const { tenant, history } = journey.emulator;
    assert.deepEqual(history.losses(), []);
    const now = plansOfAll();
    for (const [id, plans] of plansAtFirst) {
      for (const plan of plans) assert.ok(now.get(id)?.has(plan), `${id} lost ${plan}`);
    }
    const left = (upn: string) =>
      tenant.user(upn).holdings.assignments.filter(({ assignedByGroup }) => assignedByGroup === null).length;
    assert.equal(left("u61@contoso.com"), 1, "FLOW_FREE stays as it is");
    assert.ok(left("u595@contoso.com") > 0, "a guest keeps a licence of their own");
    assert.equal(left("u585@contoso.com"), 1, "a shared mailbox keeps its licence");
  });
});
