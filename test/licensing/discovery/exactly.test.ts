import assert from "node:assert/strict";
import fc from "fast-check";
import { inForce, missing, unionOfPlans } from "../../../licensing/effective-plans";
import type { Proposal } from "../../../licensing/discovery/proposal";
import { propose } from "../../../licensing/discovery/propose";
import { wantedOf } from "../../../licensing/discovery/wanted";
import type { TenantToday, Attribute } from "../../../licensing/discovery/tenant-today";
import type { Assignment, Guid, License } from "../../../licensing/model";
import { catalog, direct, inherited, license } from "../builders";
import { holder, namesOf, todayOf } from "./today";

/**
 * Whom a proposal takes, as Entra and the stack file say it, without a look at how it was found: the members of a group, whoever
 * has the value of a rule, and for `direct-holders` everybody who holds directly exactly what the group gives.
 */
function membersOf({ from, licenses }: Proposal, { users, members }: TenantToday, strangers: readonly string[]) {
  switch (from.kind) {
    case "licensed":
      return {
        ids: [...users.values()].filter((each) => inherits(each.assignments, from.group.id)).map(({ id }) => id),
        unlicensed: 0,
      };
    case "existing": {
      const all = [...(members.get(from.group.id) ?? [])];
      return { ids: all.filter((id) => users.has(id)), unlicensed: all.filter((id) => !users.has(id)).length };
    }
    case "rule": {
      const isTaken = (valueOf: (attribute: Attribute) => string | null) =>
        from.rule.every(({ attribute, values }) =>
          values.map((value) => value.toLowerCase()).includes(valueOf(attribute)?.toLowerCase() ?? ""),
        );
      const ids = [...users.values()].filter((each) => isTaken((name) => each[name])).map(({ id }) => id);
      const others = strangers.map((words) => new URLSearchParams(words));
      return { ids, unlicensed: others.filter((each) => isTaken((name) => each.get(name))).length };
    }
    case "direct-holders":
      return {
        ids: [...users.values()]
          .filter((each) => licenses.every((one) => each.assignments.some((own) => holds(own, one))))
          .map(({ id }) => id),
        unlicensed: 0,
      };
  }
}

const inherits = (assignments: readonly Assignment[], group: Guid) =>
  assignments.some(({ assignedByGroup, state }) => assignedByGroup === group && state === "Active");

const holds = (own: Assignment, one: License) =>
  own.assignedByGroup === null &&
  inForce(own) &&
  own.skuId === one.skuId &&
  [...own.disabledPlans].sort().join() === [...one.disabledPlans].sort().join();

const plansOf = (licenses: readonly License[], skuId: Guid) =>
  unionOfPlans(
    licenses.filter((each) => each.skuId === skuId),
    catalog,
  );

const LICENSES: readonly Parameters<typeof direct>[] = [
  ["EMS"],
  ["EMS", { without: ["INTUNE_A"] }],
  ["EMS", { without: ["INTUNE_A", "AAD_PREMIUM"] }],
  ["ENTERPRISEPACK"],
  ["ENTERPRISEPACK", { without: ["YAMMER"] }],
  ["VISIOCLIENT"],
];

const NAMES = namesOf("user", 14);
const GROUPS = ["One", "Two", "Three"];

const anyGroup = fc.record({
  members: fc.subarray([...NAMES, "stranger"], { minLength: 0 }),
  gives: fc.option(fc.constantFrom(...LICENSES), { nil: null, freq: 2 }),
  securityEnabled: fc.boolean(),
});

/** Users of a few kinds, so that groups and rules do fit now and then. */
const anyTenant = fc
  .record({
    kinds: fc.array(
      fc.record({
        own: fc.uniqueArray(fc.constantFrom(...LICENSES), { selector: ([name]) => name, maxLength: 3 }),
        department: fc.constantFrom(null, "Sales", "SALES", "Design"),
        country: fc.constantFrom(null, "CH", "DE"),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    kindOf: fc.array(fc.nat(), { minLength: NAMES.length, maxLength: NAMES.length }),
    groups: fc.tuple(anyGroup, anyGroup, anyGroup),
    byKind: fc.boolean(),
    states: fc.array(fc.constantFrom("Active", "Active", "Active", "Error", "ActiveWithError"), {
      minLength: 5,
      maxLength: 5,
    }),
    strangers: fc.constantFrom(
      [],
      ["department=sales"],
      ["country=ch", "country=ch"],
      ["department=design&country=DE"],
    ),
  })
  .map(({ kinds, kindOf, groups, byKind, states, strangers }) => {
    const kind = (at: number) => (kindOf[at] ?? 0) % kinds.length;
    const inGroup = groups.map(({ members }, which) =>
      byKind ? NAMES.filter((_, at) => kind(at) === which) : members,
    );
    const users = NAMES.map((name, at) => {
      const { own = [], department = null, country = null } = kinds[kind(at)] ?? {};
      const fromGroups = groups.flatMap(({ gives, securityEnabled }, which) =>
        gives !== null && securityEnabled && inGroup[which]?.includes(name) === true
          ? [inherited(gives[0], GROUPS[which] ?? "", { ...gives[1], state: states[at % states.length] ?? "Active" })]
          : [],
      );
      return holder(name, [...own.map((each) => direct(...each)), ...fromGroups], { department, country });
    }).filter(({ assignments }) => assignments.length > 0);
    return {
      today: todayOf({
        users,
        groups: Object.fromEntries(
          GROUPS.map((name, which) => [
            name,
            {
              members: inGroup[which] ?? [],
              securityEnabled: groups[which]?.securityEnabled ?? true,
              licenses: groups[which]?.gives && groups[which].securityEnabled ? [license(...groups[which].gives)] : [],
            },
          ]),
        ),
        others: strangers,
      }),
      strangers,
    };
  });

describe("proposals of any tenant", () => {
  const kinds = new Set<string>();

  it("give every user what they hold directly, and no user anything more", () => {
    fc.assert(
      fc.property(anyTenant, ({ today, strangers }) => {
        const given = new Map<Guid, License[]>();
        for (const proposal of propose(today, wantedOf(today)).proposals) {
          kinds.add(proposal.from.kind);
          const { ids, unlicensed } = membersOf(proposal, today, strangers);
          assert.equal(unlicensed, 0, `${proposal.name} gives to users without a licence`);
          for (const id of ids) given.set(id, [...(given.get(id) ?? []), ...proposal.licenses]);
        }
        for (const user of today.users.values()) {
          const gets = given.get(user.id) ?? [];
          for (const own of user.assignments.filter((each) => each.assignedByGroup === null && inForce(each))) {
            assert.deepEqual(
              missing(catalog.enabledPlans(own), plansOf(gets, own.skuId)),
              [],
              `${user.id} would be left without`,
            );
          }
          for (const { skuId } of gets) {
            const today = user.assignments.filter(inForce);
            assert.ok(
              today.some((each) => each.skuId === skuId),
              `${user.id} would take a seat of ${skuId}`,
            );
            assert.deepEqual(missing(plansOf(gets, skuId), plansOf(today, skuId)), [], `${user.id} would get more`);
          }
        }
      }),
      { numRuns: 400, seed: 6 },
    );
    assert.deepEqual([...kinds].sort(), ["direct-holders", "existing", "licensed", "rule"], "all kinds were tried");
  });

  it("never use one name twice, nor one group", () => {
    fc.assert(
      fc.property(anyTenant, ({ today }) => {
        const { proposals } = propose(today, wantedOf(today));
        const names = proposals.map(({ name }) => name);
        const groups = proposals.flatMap(({ from }) => ("group" in from ? [from.group.id] : []));
        assert.equal(new Set(names).size, names.length);
        assert.equal(new Set(groups).size, groups.length);
      }),
      { numRuns: 100, seed: 6 },
    );
  });
});
