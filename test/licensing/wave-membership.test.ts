import assert from "node:assert/strict";
import fc from "fast-check";
import type { Guid } from "../../licensing/model";
import { EMPTY_RECORD, type StackRecord } from "../../licensing/record/record";
import type { WaveSpec } from "../../licensing/stack-file/stack-file";
import { assignWaves, hashPosition, type NamedMembers } from "../../licensing/plan/wave-membership";
import { count, percent, record, userId, wave } from "./builders";

const people = (howMany: number): Guid[] => Array.from({ length: howMany }, (_, n) => userId(`number ${n}`));

interface Given {
  readonly candidates?: Iterable<Guid>;
  readonly named?: NamedMembers;
  readonly record?: StackRecord;
  readonly moveLast?: Iterable<Guid>;
}

function assign(users: readonly Guid[], waves: readonly WaveSpec[], given: Given = {}): ReadonlyMap<Guid, string> {
  const { candidates = users, named = new Map(), record: known = EMPTY_RECORD, moveLast = [] } = given;
  return assignWaves(users, new Set(candidates), waves, named, known, new Set(moveLast));
}

function takenBy(name: string, assigned: ReadonlyMap<Guid, string>): Guid[] {
  return [...assigned].flatMap(([id, taker]) => (taker === name ? [id] : []));
}

const anyPeople = fc.uniqueArray(fc.uuid(), { maxLength: 60 });

describe("a wave by percent", () => {
  it("takes by the hash of each user's id: about that many, and 100 takes all", () => {
    const all = people(2_000);
    const assigned = assign(all, [wave("tenth", percent(10)), wave("half", percent(50)), wave("rest", percent(100))]);
    const shares = ["tenth", "half", "rest"].map((name) => takenBy(name, assigned).length / all.length);
    [0.1, 0.4, 0.5].forEach((wanted, index) => {
      assert.ok(Math.abs((shares[index] ?? 0) - wanted) < 0.03, `${shares[index]} is not near ${wanted}`);
    });
    assert.equal(assigned.size, all.length);
  });

  it("takes the same users when others join or leave (property)", () => {
    const waves = [wave("tenth", percent(10)), wave("half", percent(50))];
    fc.assert(
      fc.property(anyPeople, anyPeople, (some, others) => {
        const alone = assign(some, waves);
        const together = assign([...others, ...some], waves);
        for (const id of some) assert.equal(together.get(id), alone.get(id));
      }),
    );
  });

  it("takes the users that an earlier, smaller one would: percentages count from the first user", () => {
    fc.assert(
      fc.property(anyPeople, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (all, a, b) => {
        const small = takenBy("w", assign(all, [wave("w", percent(Math.min(a, b)))]));
        const large = new Set(takenBy("w", assign(all, [wave("w", percent(Math.max(a, b)))])));
        assert.ok(small.every((id) => large.has(id)));
      }),
    );
  });

  it("takes bystanders too: a user with nothing to move today may have something tomorrow", () => {
    assert.equal(assign(people(5), [wave("rest", percent(100))], { candidates: [] }).size, 5);
  });

  it("stands between 0 and 1, evenly", () => {
    const all = people(2_000).map(hashPosition);
    assert.ok(all.every((at) => at >= 0 && at < 1));
    const mean = all.reduce((sum, at) => sum + at, 0) / all.length;
    assert.ok(Math.abs(mean - 0.5) < 0.03, `the mean is ${mean}`);
  });
});

describe("a wave by count", () => {
  it("takes that many, by the hash, and only among candidates", () => {
    const all = people(100);
    const candidates = all.slice(0, 40);
    const taken = takenBy("canary", assign(all, [wave("canary", count(20))], { candidates }));
    assert.equal(taken.length, 20);
    assert.ok(taken.every((id) => candidates.includes(id)));
    assert.deepEqual(taken, [...candidates].sort((a, b) => hashPosition(a) - hashPosition(b)).slice(0, 20));
  });

  it("takes fewer when there are fewer", () => {
    assert.equal(assign(people(3), [wave("canary", count(20))]).size, 3);
  });

  it("has chosen once and for good: new users go to later waves, also when places are free again", () => {
    const all = people(10);
    const known = record({ canary: { taken: all.slice(0, 3) } });
    const staying = all.slice(1);
    const assigned = assign(staying, [wave("canary", count(5)), wave("rest", percent(100))], { record: known });
    assert.deepEqual(takenBy("canary", assigned).sort(), all.slice(1, 3).sort());
    assert.equal(takenBy("rest", assigned).length, 7);
  });

  it("keeps chosen users although they are candidates no more", () => {
    const all = people(10);
    const known = record({ canary: { taken: all.slice(0, 3) } });
    const assigned = assign(all, [wave("canary", count(3))], { record: known, candidates: [] });
    assert.deepEqual(takenBy("canary", assigned).sort(), all.slice(0, 3).sort());
  });
});

describe("a wave by name", () => {
  const all = people(10);
  const named = (...users: readonly Guid[]): NamedMembers => new Map([["canary", new Set(users)]]);

  it("takes the users that it names and that are in scope", () => {
    const waves = [wave("canary", { kind: "users", users: [] })];
    const assigned = assign(all, waves, { named: named(all[3] ?? "", userId("a stranger")) });
    assert.deepEqual([...assigned], [[all[3], "canary"]]);
  });

  it("takes the members of its group", () => {
    const waves = [wave("canary", { kind: "group", group: "Pilots" })];
    assert.equal(assign(all, waves, { named: named(...all.slice(0, 4)) }).size, 4);
  });

  it("keeps the users it took when they leave that group", () => {
    const waves = [wave("canary", { kind: "group", group: "Pilots" }), wave("rest", percent(100))];
    const known = record({ canary: { taken: all.slice(0, 4) } });
    const assigned = assign(all, waves, { named: named(), record: known });
    assert.equal(takenBy("canary", assigned).length, 4);
  });
});

describe("a user belongs to one wave, for good", () => {
  const all = people(50);

  it("to the first that takes them", () => {
    const named: NamedMembers = new Map([["named", new Set(all.slice(0, 10))]]);
    const waves = [wave("all", percent(100)), wave("named", { kind: "users", users: [] }), wave("count", count(5))];
    assert.deepEqual(new Set(assign(all, waves, { named }).values()), new Set(["all"]));
  });

  it("a later wave gets the remaining users", () => {
    const waves = [wave("canary", count(20)), wave("rest", percent(100))];
    const assigned = assign(all, waves);
    assert.deepEqual([takenBy("canary", assigned).length, takenBy("rest", assigned).length], [20, 30]);
  });

  it("no user leaves their wave when an earlier one grows", () => {
    const known = record({ rest: { taken: all } });
    const assigned = assign(all, [wave("canary", percent(50)), wave("rest", percent(100))], { record: known });
    assert.deepEqual(new Set(assigned.values()), new Set(["rest"]));
  });

  it("where two waves of the record took a user, the first one keeps them", () => {
    const known = record({ rest: { taken: all }, canary: { taken: all.slice(0, 5) } });
    const assigned = assign(all, [wave("canary", percent(1)), wave("rest", percent(100))], { record: known });
    assert.equal(takenBy("canary", assigned).length, 5);
  });

  it("a wave that is no longer declared has no say", () => {
    const known = record({ gone: { taken: all } });
    assert.deepEqual(new Set(assign(all, [wave("rest", percent(100))], { record: known }).values()), new Set(["rest"]));
  });

  it("assigns a user deleted from the tenant to no wave", () => {
    const known = record({ canary: { taken: [userId("gone")] } });
    assert.equal(assign(all, [wave("canary", percent(100))], { record: known }).has(userId("gone")), false);
  });

  it("once recorded, every user stays in their wave, for any waves (property)", () => {
    const anyWave = fc.oneof(
      fc.integer({ min: 1, max: 100 }).map((of) => percent(of)),
      fc.integer({ min: 1, max: 20 }).map((of) => count(of)),
    );
    fc.assert(
      fc.property(fc.array(anyWave, { minLength: 1, maxLength: 4 }), anyPeople, anyPeople, (kinds, some, others) => {
        const waves = kinds.map((takes, index) => wave(`wave-${index}`, takes));
        const first = assign(some, waves);
        const known = record(Object.fromEntries(waves.map(({ name }) => [name, { taken: takenBy(name, first) }])));
        const later = assign([...others, ...some], waves, { record: known });
        for (const [id, name] of first) assert.equal(later.get(id), name);
      }),
    );
  });
});

describe("a user that goes last", () => {
  const [boss = "", ...others] = people(40);

  it("is left to the last wave, in every way that the others take users", () => {
    const named = new Map([["named", new Set([boss])]]);
    const ways = [
      wave("named", { kind: "users", users: [boss] }),
      wave("twenty", count(20)),
      wave("most", percent(99)),
    ];
    for (const way of ways) {
      const waves = [way, wave("rest", percent(100))];
      const whole = people(40);
      assert.equal(assign(whole, waves, { named, moveLast: [boss] }).get(boss), "rest");
      // The others go as if the boss were not there.
      assert.deepEqual(
        takenBy(way.name, assign(whole, waves, { named, moveLast: [boss] })),
        takenBy(way.name, assign(others, waves, { named })),
      );
    }
  });

  it("stays in the wave that took them before they were named", () => {
    const known = record({ canary: { taken: [boss] } });
    const waves = [wave("canary", count(1)), wave("rest", percent(100))];
    assert.equal(assign([boss, ...others], waves, { record: known, moveLast: [boss] }).get(boss), "canary");
  });

  it("goes with the only wave there is", () => {
    assert.equal(assign([boss], [wave("all", percent(100))], { moveLast: [boss] }).get(boss), "all");
  });
});
