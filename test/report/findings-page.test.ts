import assert from "node:assert/strict";
import fc from "fast-check";
import { Catalog } from "../../licensing/catalog/catalog";
import { findingsOf } from "../../licensing/discovery/findings";
import type { Fit } from "../../licensing/discovery/fit";
import type { Proposal } from "../../licensing/discovery/proposal";
import { resolvePrices } from "../../licensing/discovery/prices";
import { BY_ID, byName } from "../../licensing/people";
import { findingsPage, type FindingsPageParts } from "../../cli/render/findings-page";
import { bare, declared, direct, E3, EMS, inherited, license, planId, sku, skuId, userId } from "../licensing/builders";
import { holder } from "../licensing/discovery/today";
import { structure, wildNames } from "./markdown-structure";

describe("the page of findings", () => {
  const units = { enabled: 10, warning: 0, suspended: 0, lockedOut: 0 };
  const bought = new Catalog([
    { ...EMS, consumedUnits: 4, prepaidUnits: units },
    { ...E3, consumedUnits: 2, prepaidUnits: units },
  ]);
  const left = holder("gone", [direct("ENTERPRISEPACK"), inherited("EMS", "Staff")], { accountEnabled: false });
  const users = new Map([[left.id, left]]);
  const page = (changes: Partial<FindingsPageParts> = {}) =>
    findingsPage({
      tenant: { id: "6f1c9a52", displayName: "Contoso" },
      findings: findingsOf(users, bought),
      groups: new Map(),
      proposals: [],
      near: [],
      few: [],
      leftAlone: [],
      catalog: bought,
      prices: new Map(),
      people: BY_ID,
      nowMs: 0,
      ...changes,
    });

  it("names no user unless asked to, and then so that the address can be copied", () => {
    assert.doesNotMatch(page(), /contoso\.com/);
    assert.match(page(), new RegExp(`\\| 1 \\| ${userId("gone")} \\|`));
    assert.match(page({ people: byName(users) }), /`[^`]* \(gone, gone@contoso\.com\)`/);
  });

  it("has the cost by SKU where there are prices, and of unused seats", () => {
    assert.doesNotMatch(page(), /a month/);
    const priced = page({ prices: resolvePrices({ EMS: 10.5, "Office 365 E3": 20 }, bought).prices });
    assert.match(
      priced,
      /\| EMS \(Enterprise Mobility \+ Security E3\) \| 10 \| 4 \| 6 \| 42\.00 \| 63\.00 \| 10\.50 \|/,
    );
    assert.match(priced, /\| \*\*all with a price\*\* \| {2}\| {2}\| {2}\| 82\.00 \| 223\.00 \| 30\.50 \|/);
  });

  it("shows how many of the seats are in their grace period", () => {
    const ending = { enabled: 2, warning: 8, suspended: 0, lockedOut: 0 };
    const catalog = new Catalog([{ ...EMS, consumedUnits: 4, prepaidUnits: ending }]);
    assert.match(
      page({ catalog, findings: findingsOf(users, catalog) }),
      /\| EMS \(Enterprise Mobility \+ Security E3\) \| 10 \(8 in their grace period\) \| 4 \| 6 \|/,
    );
  });

  it("shows a name as it is, also with signs of Markdown", () => {
    assert.match(page(everywhere("A|B *c* <x>")), /^# What is there in A\\\|B \\\*c\\\* &lt;x&gt;\?\n/);
  });

  it("stays a page with any names in the tenant", () => {
    const plain = structure(page(everywhere("name")));
    fc.assert(
      fc.property(wildNames, (name) => {
        const text = page(everywhere(name));
        assert.deepEqual(structure(text), plain, text);
      }),
      { numRuns: 40 },
    );
  });
});

/** A tenant in which every free name is this one, with something for every section of the page. */
function everywhere(name: string): Partial<FindingsPageParts> {
  const catalog = new Catalog([
    { ...sku("EMS", ["INTUNE_A"]), partNumber: name, servicePlans: [{ id: planId("A"), name, appliesTo: "User" }] },
    { ...sku("EMSPREMIUM", []), partNumber: name, servicePlans: [{ id: planId("A"), name, appliesTo: "User" }] },
  ]);
  const called = { displayName: name, userPrincipalName: name, accountEnabled: false };
  const users = new Map(
    [
      holder("both", [direct("EMS"), inherited("EMS", "Staff")], called),
      holder("inside", [direct("EMS"), direct("EMSPREMIUM")], called),
      holder("unknown", [], { ...called, assignedLicenses: [license("EMS")] }),
      holder("waiting", [{ ...direct("EMS"), state: "Error", error: "CountViolation" }], called),
      holder("old", [direct("RETIRED")], called),
    ].map((user) => [user.id, user]),
  );
  const group = { ...bare(declared("Staff")), displayName: name };
  const rule = { kind: "rule", rule: [{ attribute: "department", values: [name] }] } as const;
  const fit: Fit = { covered: 9, holders: 10, extra: 1, members: 10 };
  const proposals = ([{ kind: "licensed", group }, { kind: "existing", group }, rule] as const).map(
    (from): Proposal => ({
      name,
      displayName: name,
      from,
      licenses: [license("EMS", { without: ["A"] })],
      holders: [...users.keys()],
      alternatives: [rule, { kind: "existing" as const, group }].map((other) => ({
        from: other,
        fit,
        seats: [{ skuId: skuId("EMS"), more: 1, left: 3 }],
        otherwise: null,
      })),
      gains: [],
      except: [],
      kinds: {},
    }),
  );
  const pattern = { license: license("EMS"), holders: [...users.keys()] };
  return {
    tenant: { id: "6f1c9a52", displayName: name },
    findings: findingsOf(users, catalog),
    proposals,
    leftAlone: [{ skuId: skuId("EMS"), why: "self-service", userIds: [...users.keys()] }],
    few: [{ license: license("EMS", { without: ["A"] }), userIds: [...users.keys()] }],
    near: [{ withPlan: pattern, withoutPlan: pattern, planId: planId("A") }],
    catalog,
    people: byName(users),
  };
}
