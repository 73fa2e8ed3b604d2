import assert from "node:assert/strict";
import { type AttributeRule, isTaken } from "../../licensing/discovery/attributes";
import { type Attribute, ATTRIBUTES } from "../../licensing/discovery/tenant-today";
import { kindsOf, withOverlaps } from "../../rehearsal/copy/overlaps";

type Person = Readonly<Record<Attribute, string | null>>;

const VALUES = ["a", "B", "c"];
const NOBODY: Person = { department: null, companyName: null, country: null };

/** All possible users, this many times each. */
function everybody(timesOf: (index: number) => number): Person[] {
  const all = [null, ...VALUES];
  return all.flatMap((department, d) =>
    all.flatMap((companyName, n) =>
      all.flatMap((country, c) =>
        Array.from({ length: timesOf(16 * d + 4 * n + c) }, () => ({ department, companyName, country })),
      ),
    ),
  );
}

/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

function someRule(next: (below: number) => number): AttributeRule {
  const rule = ATTRIBUTES.flatMap((attribute) => {
    const values = VALUES.filter(() => next(2) === 0).map((value) => (next(2) === 0 ? value : value.toUpperCase()));
    return values.length > 0 && next(2) === 0 ? [{ attribute, values }] : [];
  });
  return rule.length > 0 ? rule : someRule(next);
}

describe("users that rules take, known by their number alone", () => {
  const taken = (people: readonly Person[], rule: AttributeRule) =>
    people.filter((person) => isTaken(person, rule)).length;

  it("for every rule there are as many users as were counted, and no user is there twice", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const next = numbers(seed);
      const rules = Array.from({ length: 1 + next(4) }, () => someRule(next));
      const people = everybody(() => next(3));
      const all = withOverlaps(rules);
      assert.ok(all !== null);
      const standIns = kindsOf(all, (rule) => taken(people, rule)).flatMap(({ properties, count }) =>
        Array.from({ length: count }, (): Person => ({ ...NOBODY, ...properties })),
      );
      for (const rule of rules) assert.equal(taken(standIns, rule), taken(people, rule), JSON.stringify(rules));
      const inSome = people.filter((person) => rules.some((rule) => isTaken(person, rule)));
      assert.equal(standIns.length, inSome.length, JSON.stringify(rules));
    }
  });

  it("rules without a common user stay apart", () => {
    const rules = VALUES.map((value): AttributeRule => [{ attribute: "country", values: [value] }]);
    assert.equal(withOverlaps([...rules, ...rules])?.length, 3);
  });

  it("no count is negative when a user leaves between two counts", () => {
    const all = withOverlaps([
      [{ attribute: "country", values: ["a", "b"] }],
      [{ attribute: "country", values: ["a"] }],
    ]);
    const kinds = kindsOf(all ?? [], (rule) => (rule[0]?.values.length === 1 ? 3 : 2));
    assert.deepEqual(kinds, [{ properties: { country: "a" }, count: 3 }]);
  });

  it("gives up where rules overlap in too many ways", () => {
    const lists = Array.from({ length: 12 }, (_, left) =>
      Array.from({ length: 12 }, (_, at) => `${at}`).filter((_, at) => at !== left),
    );
    assert.equal(withOverlaps(lists.map((values) => [{ attribute: "country", values }])), null);
  });
});
