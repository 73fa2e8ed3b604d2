import assert from "node:assert/strict";
import type { EmulatorOptions, FaultMatch, SkuSpec, TenantSpec } from "../../emulator";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { ENTERPRISEPACK, STANDARDPACK } from "../../emulator/tenants/products";
import { upn } from "../providers/tenants";
import { directOf } from "./disabled-plans";
import { journeyOf } from "./journey";
import { Killer } from "./killer";
import { killedStages, KILLS_OF_REPLACEMENTS, KILLS_PER_ROUND, type KilledStage } from "./kills";
import { lossesBesideSuccessors } from "./replaced-skus";

/** Two units of a wave. */
const SWAPPED = named("swapped", 60);
const STAFF = named("staff", 30);
const MOVED = named("moved", 45);

const SWAPS = { method: "POST", path: /^\/users\/.+\/assignLicense/ };

/** The plans of E3, so that the way back takes nothing from anyone either. */
const SPE_E5: Omit<SkuSpec, "seats"> = {
  skuId: "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
  skuPartNumber: "SPE_E5",
  servicePlans: ENTERPRISEPACK.servicePlans,
};

/** Kills of runs that swap, change a group in place, or move users from group to group, forward and back. */
export function killedReplacements(seed: number): void {
  describe(`journey: one licence replaced by another is killed ${KILLS_OF_REPLACEMENTS} times (npm run prove:kills -- --times ${KILLS_PER_ROUND} --seed ${seed})`, function () {
    this.timeout(120_000);

    const journey = journeyOf(tenant, {
      "licensing:groups": groups("ENTERPRISEPACK"),
      "licensing:moves": [{ from: "e3-users", to: "e5-users" }],
      "licensing:waves": waves(false, false),
    });
    const killer = new Killer(journey);
    const people = () => journey.emulator.tenant;
    const losses = () => lossesBesideSuccessors(journey.emulator, "own");
    const isBack = { swap: false, move: false };
    let runs = 0;

    const begin: Readonly<Record<KilledStage["way"], Readonly<Record<KilledStage["kind"], () => void>>>> = {
      forward: {
        "a swap": () => journey.edit({ "licensing:applyThrough": "swaps" }),
        "a change in place": () => journey.edit({ "licensing:groups": groups("SPE_E5", "ENTERPRISEPACK") }),
        "a move": () => journey.edit({ "licensing:applyThrough": "everyone" }),
      },
      back: {
        "a swap": () => {
          isBack.swap = true;
          journey.edit({ "licensing:waves": waves(isBack.swap, isBack.move) });
        },
        "a change in place": () => journey.edit({ "licensing:groups": groups("ENTERPRISEPACK", "SPE_E5") }),
        "a move": () => {
          isBack.move = true;
          journey.edit({ "licensing:waves": waves(isBack.swap, isBack.move) });
        },
      },
    };

    const stages = killedStages(seed);
    const killedOn = (way: KilledStage["way"]) => {
      for (const { kind, kills } of stages.filter((stage) => stage.way === way)) {
        for (const [index, each] of kills.entries()) {
          runs += 1;
          const app = `run ${runs}`;
          it(`${kind}, ${way}: ${each.victim} is killed after ${each.after} requests and ${each.delayMs} ms`, async () => {
            if (index === 0) begin[way][kind]();
            await killer.unlock();
            loseAnswers();
            const due = index === 0 ? dueAt(kind, each.write, each.after) : { match: {}, after: each.after * 2 };
            const said = await killer.upKilled({ ...each, ...due }, app);
            assert.notEqual(said.code, 0, said.text);
            assert.deepEqual(losses(), []);
          });
        }
      }
    };

    killedOn("forward");

    it("the next up goes on to the end: all have the licence that replaces theirs, and nobody was without a service", async () => {
      await endsWell();
      assert.deepEqual(where(), {
        direct: SWAPPED.map((name) => `${name} ENTERPRISEPACK `).sort(),
        staff: ["SPE_E5"],
        moved: [0, MOVED.length],
      });
    });

    killedOn("back");

    it("the next up goes on to the end: all is as it was, and nobody was without a service", async () => {
      await endsWell();
      assert.deepEqual(where(), {
        direct: SWAPPED.map((name) => `${name} STANDARDPACK `).sort(),
        staff: ["ENTERPRISEPACK"],
        moved: [MOVED.length, 0],
      });
    });

    it("no provider outlived its engine", async () => {
      await killer.untilAllEnded();
    });

    after(() => killer.end());

    function loseAnswers(): void {
      const { faults } = journey.emulator;
      faults.add({ match: SWAPS, probability: 0.03, then: "lost" });
      faults.add({ match: { method: "DELETE" }, probability: 0.03, then: "lost" });
    }

    async function endsWell(): Promise<void> {
      await killer.unlock();
      loseAnswers();
      await journey.up();
      journey.emulator.faults.clear();
      await journey.nightlyCheck();
      assert.deepEqual(losses(), []);
    }

    function where() {
      const membersOf = (group: string) => people().group(group).userMembers.size;
      return {
        direct: directOf(people()),
        staff: people()
          .group("Staff")
          .licenses.map(({ skuId }) => people().sku(skuId).skuPartNumber),
        moved: [membersOf("E3 users"), membersOf("E5 users")],
      };
    }

    /** Each kind is told by what it alone writes. */
    function dueAt(kind: KilledStage["kind"], write: number, after: number): { match: FaultMatch; after: number } {
      switch (kind) {
        case "a swap":
          return { match: SWAPS, after };
        case "a change in place":
          // It adds, and later takes off.
          return {
            match: { method: "POST", path: new RegExp(`^/groups/${people().group("Staff").id}/assignLicense`) },
            after: Math.floor(write * 2),
          };
        case "a move":
          return write < 0.3 ? { match: { method: "PATCH" }, after: 0 } : { match: { method: "DELETE" }, after };
      }
    }
  });
}

function groups(sku: string, off?: string) {
  return {
    "e3-staff": { existing: "E3 staff", licenses: [{ sku: "ENTERPRISEPACK", replaces: ["STANDARDPACK"] }] },
    staff: { existing: "Staff", licenses: [sku], ...(off !== undefined && { removeLicenses: [off] }) },
    "e3-users": { existing: "E3 users", licenses: ["ENTERPRISEPACK"] },
    "e5-users": { existing: "E5 users", licenses: ["SPE_E5"] },
  };
}

function waves(isSwapBack: boolean, isMoveBack: boolean) {
  return [
    { name: "swaps", users: SWAPPED, ...(isSwapBack && { rollback: true }) },
    { name: "everyone", percent: 100, ...(isMoveBack && { rollback: true }) },
  ];
}

function named(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => upn(`${prefix}${at}`));
}

/** SharePoint's plans exclude each other. Each run has an app of its own to sign in as. */
function tenant(): EmulatorOptions & { readonly tenant: TenantSpec } {
  const permissions = [...migrationPermissions, ...madeGroupPermissions];
  const user = (userPrincipalName: string) => ({ userPrincipalName, usageLocation: "DE" });
  return {
    tenant: {
      displayName: "Contoso",
      verifiedDomains: ["contoso.com"],
      countryLetterCode: "DE",
      skus: [
        { ...STANDARDPACK, seats: SWAPPED.length },
        { ...ENTERPRISEPACK, seats: SWAPPED.length + STAFF.length + MOVED.length },
        { ...SPE_E5, seats: STAFF.length + MOVED.length },
      ],
      exclusive: [["SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE"]],
      users: [
        ...SWAPPED.map((name) => ({ ...user(name), licenses: [{ sku: "STANDARDPACK" }] })),
        ...[...STAFF, ...MOVED].map(user),
      ],
      groups: [
        { displayName: "E3 staff", members: SWAPPED, licenses: [{ sku: "ENTERPRISEPACK" }] },
        { displayName: "Staff", members: STAFF, licenses: [{ sku: "ENTERPRISEPACK" }] },
        { displayName: "E3 users", members: MOVED, licenses: [{ sku: "ENTERPRISEPACK" }] },
        { displayName: "E5 users", members: [], licenses: [{ sku: "SPE_E5" }] },
      ],
      apps: Array.from({ length: KILLS_OF_REPLACEMENTS + 1 }, (_, run) => ({ name: `run ${run}`, permissions })),
    },
    processing: { queueMs: 200, joinMs: 200, leaveMs: 200 },
    latencyMs: 20,
  };
}
