import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultEffect, FaultHandle } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { counted } from "../../licensing/counts";
import { journeyOf, seedStackFile } from "./journey";

describe("journey: a wave that halts keeps what it did, and the next up goes on", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: seedTenant({ users: 80, finance: 8 }) }), {
    ...seedStackFile,
    "licensing:waves": [
      { name: "most", count: 75 },
      { name: "rest", percent: 100 },
    ],
    "licensing:applyThrough": "rest",
  });
  const stopFile = () => join(journey.stack.folder, "stop");
  const up = () => ({ environment: { LICENSING_STOP_FILE: stopFile() } });
  /** What the stopped run removed, by the tenant's own count. */
  let first: Direct;

  it("a stop file ends the wave after the unit in hand, and says how to go on", async () => {
    duringRemoval({ after: 25, times: 1 }, () => {
      writeFileSync(stopFile(), "");
    });
    const said = await journey.upHalted(up());
    first = minus({ EMS: 80, ENTERPRISEPACK: 8 }, direct());
    assert(first.EMS > 25 && first.EMS < 75, "not at once, and not at the end");
    const words = `${first.EMS} EMS, ${first.ENTERPRISEPACK} ENTERPRISEPACK`;
    const sum = first.EMS + first.ENTERPRISEPACK;
    assert.equal(said.under("most-1")[0], `most: removed ${sum} direct assignments (${words})`);
    assert.match(said.under("most-1").join("\n"), haltedBy(`the file ${stopFile()} asks to stop: remove it and run`));
  });

  it("what was done is in the state, and so is what is left", async () => {
    const { status, lastRemoved, pending, doneAt } = (await journey.state()).slices["most-1"] ?? assert.fail();
    const left = minus({ EMS: 75, ENTERPRISEPACK: 8 }, first);
    assert.deepEqual({ status, lastRemoved, pending }, { status: "halted", lastRemoved: first, pending: left });
    assert.equal(doneAt, null);
  });

  it("the next wave has not begun", async () => {
    assert.deepEqual(Object.keys((await journey.state()).slices), ["most-1"]);
  });

  it("the nightly check is red until the wave is done, and shows what is left", async () => {
    const said = await journey.nightlyCheckFails();
    const left = minus({ EMS: 75, ENTERPRISEPACK: 8 }, first);
    const sum = left.EMS + left.ENTERPRISEPACK;
    const bySku = [`${left.EMS} EMS`, ...(left.ENTERPRISEPACK === 0 ? [] : [`${left.ENTERPRISEPACK} ENTERPRISEPACK`])];
    const words = `${counted(sum, "direct assignment")} from ${counted(left.EMS, "user")}: ${bySku.join(", ")}`;
    assert.deepEqual(said.under("most"), [`remove ${words}`]);
  });

  it("while the stop file is there, an up removes nothing", async () => {
    const writes = await journey.writesDuring(() => journey.upHalted(up()));
    assert.equal(writes, 0);
  });

  it("a permission that is taken away halts it too, with Graph's words, and blocks no user for good", async () => {
    rmSync(stopFile());
    const withdrawn = duringRemoval({ after: 0 }, { status: 403 });
    const said = await journey.upHalted(up());
    withdrawn.remove();
    assert.match(said.under("most-1").join("\n"), /Entra refused the removal: Insufficient privileges/);
    assert.match(said.under("most-1").join("\n"), haltedBy(".*"));
    assert.equal(direct().EMS, 80 - first.EMS);
  });

  it("the next up goes on to the same end, and on to the next wave", async () => {
    await journey.up(up());
    const { waves } = await journey.outputs();
    for (const [name, removed] of [
      ["most", { EMS: 75, ENTERPRISEPACK: 8 }],
      ["rest", { EMS: 5 }],
    ] as const) {
      const { doneAt, ...wave } = waves[name] ?? assert.fail();
      assert.deepEqual(wave, { removed, pending: {}, blocked: {} });
      assert(doneAt !== null);
    }
    assert.deepEqual(direct(), { EMS: 0, ENTERPRISEPACK: 0 });
    await journey.nightlyCheck();
  });

  it("no user was ever without a service", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  function duringRemoval(when: { readonly after: number; readonly times?: number }, then: FaultEffect): FaultHandle {
    const match = { method: "POST", path: /^\/users\/.+\/assignLicense$/ };
    return journey.emulator.faults.add({ match, ...when, then });
  }

  function direct(): Direct {
    const { tenant } = journey.emulator;
    return {
      EMS: tenant.directAssignmentCount("EMS"),
      ENTERPRISEPACK: tenant.directAssignmentCount("ENTERPRISEPACK"),
    };
  }
});

interface Direct {
  readonly EMS: number;
  readonly ENTERPRISEPACK: number;
}

function minus(a: Direct, b: Direct): Direct {
  return { EMS: a.EMS - b.EMS, ENTERPRISEPACK: a.ENTERPRISEPACK - b.ENTERPRISEPACK };
}

function haltedBy(reason: string): RegExp {
  return new RegExp(`wave most \\(1 of 1\\) halted: ${reason}`);
}
