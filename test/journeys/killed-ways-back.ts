import assert from "node:assert/strict";
import type { EmulatorOptions, FaultHandle, FaultMatch, TenantSpec } from "../../emulator";
import { guidFrom, migrationPermissions } from "../../emulator/directory/spec";
import { EMS } from "../../emulator/tenants/products";
import { directOf } from "./disabled-plans";
import { journeyOf } from "./journey";
import { Killer } from "./killer";
import { KILLS_OF_WAYS_BACK, KILLS_PER_ROUND, KINDS, killsOfKinds, type Kind, type KillOfKind } from "./kills";

const PEOPLE = Array.from({ length: 120 }, (_, at) => ({
  id: guidFrom(`way back ${at}`),
  userPrincipalName: `user${at}@contoso.com`,
  // What is put back must have exactly this.
  licenses: [{ sku: "EMS", disabledPlans: at % 3 === 0 ? ["INTUNE_A"] : [] }],
}));
const IDS = PEOPLE.map(({ id }) => id);
const CANARY = IDS.slice(0, 3);
/** They leave the group between the removal and its read back. */
const LEAVERS = IDS.slice(10, 90).filter((_, at) => at % 16 === 0);
const GROUP = "All users";
const WRITES = { method: "POST", path: /^\/users\/.+\/assignLicense/ };

/** Kills of runs that hold, put back and roll back, each with answers of Graph that are lost. */
export function killedWaysBack(seed: number): void {
  describe(`journey: runs that hold, put back or roll back are killed ${KILLS_OF_WAYS_BACK} times (npm run prove:kills -- --times ${KILLS_PER_ROUND} --seed ${seed})`, function () {
    this.timeout(120_000);

    const journey = journeyOf(tenant, {
      "licensing:groups": { "all-users": { existing: GROUP, licenses: ["EMS"] } },
      "licensing:waves": waves(),
      "licensing:applyThrough": "everyone",
    });
    const killer = new Killer(journey);
    const people = () => journey.emulator.tenant;
    const hasDirect = (id: string) =>
      people()
        .directAssignments()
        .some(({ userId }) => userId === id);
    const byThisProgram = () => journey.emulator.history.losses({ except: "people" });
    const left = new Set<string>();
    const lost: FaultHandle[] = [];
    let atFirst: readonly string[] = [];
    const leave = (id: string) => {
      people().leaveGroup(id, GROUP);
      left.add(id);
    };

    const stages: Readonly<Record<Kind, Stage>> = {
      "a canary that is blocked": {
        before: () => {
          atFirst = directOf(people());
        },
        after: async () => {
          assert.deepEqual(directOf(people()), atFirst, "no wave has moved a user");
          const { waves: ofState } = await journey.outputs();
          assert.deepEqual([ofState["canary"]?.doneAt, ofState["everyone"]?.doneAt], [null, null]);
          for (const id of CANARY) people().joinGroup(id, GROUP);
          await journey.up();
          assert.deepEqual(
            CANARY.filter((id) => hasDirect(id)),
            [],
            "the canary goes first",
          );
          assert.equal(directOf(people()).length, PEOPLE.length - CANARY.length);
        },
      },
      "a put-back": {
        before: () => undefined,
        trouble: () => {
          const { faults } = journey.emulator;
          for (const userId of LEAVERS.filter((id) => !left.has(id))) {
            const leaves = () => {
              leave(userId);
            };
            const then = () => void faults.add({ match: { method: "GET", userId }, times: 1, then: leaves });
            faults.add({ match: { ...WRITES, userId }, times: 1, then });
          }
        },
        afterKills: () => {
          // A kill before the read back came before anyone left.
          if (left.size === 0) leave(LEAVERS[0] ?? "");
        },
        after: async () => {
          const { text } = await journey.preview();
          // A run that was killed before its put-back has left no debt: that a person took the user out is all there is to tell.
          const without = [...left].filter((id) => !hasDirect(id)).length;
          const told = /(\d+) users? on record left their licensing group since/.exec(text)?.[1] ?? "0";
          assert.equal(Number(told), without, `${without} of ${left.size} that left hold nothing: ${text}`);
          const holding = people()
            .directAssignments()
            .map(({ userId }) => userId);
          assert.deepEqual(
            holding.filter((id) => !left.has(id)),
            [],
            "all others are moved",
          );
          for (const id of left) people().joinGroup(id, GROUP);
        },
      },
      "rollback: true": { before: () => rollBack(true), after: restored },
      "rollback: all": { before: () => movedAndThen(() => rollBack("all")), after: restored },
      "rollback: all without the group": {
        before: () =>
          movedAndThen(() => {
            people().setGroupLicenses(GROUP, []);
            journey.emulator.clock.advance(60_000);
            people().removeGroup(GROUP);
            rollBack("all");
          }),
        after: restored,
      },
    };

    const kills = killsOfKinds(seed);
    let runs = 0;
    for (const kind of KINDS) {
      const { before: prepare, trouble, afterKills, after: judge } = stages[kind];
      it(`${kind}: what leads to it`, async () => {
        await prepare();
      });

      for (const each of kills.filter((other) => other.kind === kind)) {
        runs += 1;
        const app = `run ${runs}`;
        it(`${kind}: ${each.victim} is killed after ${each.after} requests and ${each.delayMs} ms`, async () => {
          await killer.unlock();
          trouble?.();
          loseAnswers();
          const match = matchOf(each);
          const said = await killer.upKilled(
            { ...each, match, after: match.userId === undefined ? each.after : each.after % 2 },
            app,
          );
          assert.notEqual(said.code, 0, said.text);
          assert.deepEqual(byThisProgram(), []);
        });
      }

      it(`${kind}: the next up goes on to the end`, async () => {
        await killer.unlock();
        afterKills?.();
        loseAnswers();
        const { text } = await journey.up();
        // What the killed run left owed is paid first, and holds the waves.
        if (text.includes("The waves were held in this run")) await journey.up();
        journey.emulator.faults.clear();
        assert.deepEqual(byThisProgram(), []);
        await judge();
      });
    }

    it("answers were lost, every provider has ended, and no user lost a plan by this program", async () => {
      assert(lost.some(({ hits }) => hits > 0));
      await killer.untilAllEnded();
      assert.deepEqual(byThisProgram(), []);
    });

    after(() => killer.end());

    function loseAnswers(): void {
      lost.push(journey.emulator.faults.add({ match: WRITES, probability: 0.03, then: "lost" }));
    }

    function rollBack(rollback: true | "all"): void {
      journey.edit({ "licensing:waves": waves({ rollback }) });
    }

    async function movedAndThen(next: () => void): Promise<void> {
      journey.edit({ "licensing:waves": waves() });
      // One run for the canary, and one for what waits for it.
      await journey.up();
      await journey.up();
      assert.deepEqual(directOf(people()), []);
      next();
    }

    /** Every direct licence is there as it was before the move, and outputs say so. */
    async function restored(): Promise<void> {
      assert.deepEqual(directOf(people()), atFirst);
      const { slices, outputs } = await journey.state();
      assert.deepEqual([...new Set(Object.values(slices).map(({ status }) => status))], ["rolled-back"]);
      for (const wave of Object.values(outputs.waves)) {
        assert.deepEqual([wave.removed, wave.pending, wave.doneAt], [{}, {}, null]);
      }
      await journey.nightlyCheck();
    }
  });
}

/** What comes before the kills of one kind, what else happens during them, and what must be true after the next `up`. */
interface Stage {
  readonly before: () => void | Promise<void>;
  readonly trouble?: () => void;
  readonly afterKills?: () => void;
  readonly after: () => Promise<void>;
}

/** A run that holds its waves writes to no user; what is put back is told by the user. */
function matchOf({ kind, isFirst }: KillOfKind): FaultMatch {
  if (!isFirst || kind === "a canary that is blocked") return {};
  return kind === "a put-back" ? { ...WRITES, userId: LEAVERS[0] ?? "" } : WRITES;
}

function waves(more: object = {}) {
  return [
    { name: "canary", users: CANARY, minMoved: "50 %", soak: "1 second", ...more },
    { name: "everyone", percent: 100, ...more },
  ];
}

/** The canary is not in the group yet. Each run has an app of its own to sign in as. */
function tenant(): EmulatorOptions & { readonly tenant: TenantSpec } {
  const apps = Array.from({ length: KILLS_OF_WAYS_BACK + 1 }, (_, run) => ({
    name: `run ${run}`,
    permissions: [...migrationPermissions],
  }));
  return {
    tenant: {
      skus: [{ ...EMS, seats: PEOPLE.length + 10 }],
      users: PEOPLE,
      groups: [{ displayName: GROUP, members: IDS.filter((id) => !CANARY.includes(id)) }],
      apps,
    },
    processing: { joinMs: 100, leaveMs: 0 },
    latencyMs: 30,
  };
}
