import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { directOf, tenantWithDisabledPlans } from "./disabled-plans";
import { journeyOf, seedStackFile } from "./journey";

const canary = ["user0001", "megan", "user0020", "user0021", "user0022"].map((alias) => `${alias}@contoso.com`);

/** docs/lost-state.md, step by step: an export is kept, another wave runs, the state goes, and is taken from the export. */
describe("journey: the state is lost, and got back from an export", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: tenantWithDisabledPlans(), processing: { joinMs: 100 } }), {
    ...seedStackFile,
    "licensing:waves": waves(),
    "licensing:applyThrough": "canary",
  });
  const exported = () => join(journey.stack.folder, "state.json");
  let atFirst: readonly string[];
  let half: readonly string[];

  it("the nightly run keeps an export, and then another wave runs", async () => {
    atFirst = directOf(journey.emulator.tenant);
    await journey.up();
    writeFileSync(exported(), await pulumi("stack", "export", "--stack", "contoso"));
    journey.edit({ "licensing:applyThrough": "half" });
    await journey.up();
    half = directOf(journey.emulator.tenant);
    assert(half.length > 10 && half.length < atFirst.length - 10, "some are moved, and some are left");
  });

  it("on an empty state, a preview says what may have happened, and how many it is about", async () => {
    rmSync(join(journey.stack.folder, "state", ".pulumi"), { recursive: true });
    await pulumi("stack", "init", "contoso", "--cwd", journey.stack.folder);
    const said = await journey.preview();
    const moved = journey.emulator.tenant
      .users()
      .filter(({ id }) => journey.emulator.tenant.directAssignments().every(({ userId }) => userId !== id)).length;
    const line = said.under("migration").join(" ");
    assert.match(
      line,
      new RegExp(`${moved} members have a declared licence only through a group, and this stack has no`),
    );
    assert.match(line, /docs\/lost-state\.md/);
  });

  it("an up goes on all the same, on proofs: no user loses anything, and it is said no more", async () => {
    journey.edit({ "licensing:applyThrough": "everyone" });
    await journey.up();
    assert.deepEqual(directOf(journey.emulator.tenant), []);
    const said = await journey.nightlyCheck();
    assert.deepEqual(said.under("migration"), []);
    assert.equal((await journey.state()).baseline.users, new Set(half.map((line) => line.split(" ")[0])).size);
  });

  it("with the old export imported, the stack knows the canary again, and an up records the users moved since", async () => {
    await pulumi("stack", "import", "--stack", "contoso", "--file", exported());
    const writes = await journey.writesDuring(() => journey.up());
    assert.equal(writes, 0);
    await journey.nightlyCheck();
    const { baseline, outputs } = await journey.state();
    assert.equal(baseline.users, 40);
    for (const wave of ["canary", "half", "everyone"]) {
      assert.deepEqual(outputs.waves[wave]?.pending, {}, wave);
      assert(outputs.waves[wave].doneAt !== null, wave);
    }
  });

  it("and a rollback puts back exactly what every user held at first, whichever state they were moved on", async () => {
    journey.edit({ "licensing:waves": waves({ rollback: true }) });
    await journey.up();
    assert.deepEqual(directOf(journey.emulator.tenant), atFirst);
  });

  it("no user was ever without a service", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  async function pulumi(...words: readonly string[]): Promise<string> {
    const run = await journey.stack.start([...words, "--non-interactive"], "pipe").ended;
    assert.equal(run.code, 0, run.stderr);
    return run.stdout;
  }
});

function waves(ofAll: { readonly rollback?: boolean } = {}) {
  return [
    { name: "canary", users: canary, ...ofAll },
    { name: "half", percent: 50, ...ofAll },
    { name: "everyone", percent: 100, ...ofAll },
  ];
}
