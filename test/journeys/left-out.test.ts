import assert from "node:assert/strict";
import { journeyOf, seedStackFile } from "./journey";
import { mixedTenant } from "./mixed-tenant";

describe("journey: parts of the stack are left out by a flag", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: mixedTenant(), processing: { joinMs: 100 } }), {
    ...seedStackFile,
    "licensing:waves": [
      { name: "canary", count: 20 },
      { name: "everyone", percent: 100 },
    ],
    "licensing:applyThrough": "everyone",
  });

  let held: number;

  async function assertRefusedBehind(leftOut: string, row: string): Promise<void> {
    const { text } = await journey.upHalted({ words: ["--exclude", `**${leftOut}`] });
    const why = `'${row}' has a problem: it depends on '${leftOut}', which the state does not have yet and this run leaves out`;
    assert(text.includes(why), text);
    assert.doesNotMatch(text, /integrity/);
  }

  it("a wave of a new stack without what it depends on ends at once, in one sentence", async () => {
    held = journey.emulator.tenant.directAssignmentCount("EMS");
    const startedMs = Date.now();
    const said = await journey.upHalted({ words: ["--target", "**everyone-1"] });
    assert(Date.now() - startedMs < 30_000, "seconds, not minutes");
    const [error = "", ...more] = said.text.match(/^ +error: .+$/gm) ?? [];
    assert.deepEqual(more, []);
    assert.match(
      error,
      /'everyone-1' has a problem: wave everyone \(1 of 1\) was not begun: 24 users have direct licences that are not in the baseline/,
    );
  });

  it("no row is written behind one that the state does not have, and the state stays readable", async () => {
    await assertRefusedBehind("all-users", "inheritance");
    await assertRefusedBehind("inheritance", "baseline");
    await journey.preview();
    assert.equal(journey.emulator.tenant.directAssignmentCount("EMS"), held);
  });

  it("nothing is removed by a run that leaves the baseline out, and the state stays whole", async () => {
    const said = await journey.upHalted({ words: ["--exclude", "**baseline"] });
    assert.match(
      said.text,
      /wave canary \(1 of 1\) was not begun: 20 users have direct licences that are not in the baseline/,
    );
    assert.equal(journey.emulator.tenant.directAssignmentCount("EMS"), held);
  });

  it("one wave by itself removes nothing from users that came after the baseline", async () => {
    journey.edit({ "licensing:applyThrough": undefined });
    await assertRefusedBehind("canary-1", "everyone-1");
    await journey.up();
    const { tenant } = journey.emulator;
    tenant.addUser({ userPrincipalName: "late@contoso.com", licenses: [{ sku: "EMS" }] });
    tenant.joinGroup("late@contoso.com", "All users");
    journey.edit({
      "licensing:waves": [{ name: "everyone", percent: 100 }],
      "licensing:applyThrough": "everyone",
    });
    await journey.up({ words: ["--target", "**VerifiedInheritance::inheritance"] });
    const said = await journey.upHalted({ words: ["--target", "**everyone-1"] });
    assert.match(
      said.text,
      /wave everyone \(1 of 1\) was not begun: 1 user has a direct licence that is not in the baseline/,
    );
    assert.equal(tenant.directAssignmentCount("EMS"), held + 1);
  });

  it("and the next up without flags moves them all", async () => {
    await journey.up();
    const { baseline } = await journey.state();
    assert.equal(baseline.users, 45);
    assert.deepEqual(journey.emulator.history.losses(), []);
  });
});
