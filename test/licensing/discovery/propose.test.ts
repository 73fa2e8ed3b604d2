import assert from "node:assert/strict";
import { Catalog } from "../../../licensing/catalog/catalog";
import { formatFit } from "../../../licensing/discovery/fit";
import { Names } from "../../../licensing/discovery/names";
import { ruleText } from "../../../licensing/discovery/rule-text";
import type { Alternative, Proposal } from "../../../licensing/discovery/proposal";
import { catalog, direct, E3, EMS, groupId, inherited, license, sku } from "../builders";
import { wantedOf } from "../../../licensing/discovery/wanted";
import { holder, many, namesOf, proposalsFor, todayOf } from "./today";

/** `existing Finance: ENTERPRISEPACK for 2`. */
function words({ from, licenses, holders }: Proposal): string {
  const source =
    from.kind === "rule"
      ? `rule ${ruleText(from.rule)}`
      : "group" in from
        ? `${from.kind} ${from.group.displayName}`
        : from.kind;
  const given = licenses.map(
    ({ skuId, disabledPlans }) =>
      `${all.skuName(skuId)}${disabledPlans.map((plan) => `-${all.planName(plan)}`).join("")}`,
  );
  return `${source}: ${given.join("+")} for ${holders.length}`;
}

function formatAlternative({ from, fit, otherwise }: Alternative): string {
  const what = from.kind === "rule" ? ruleText(from.rule) : from.group.displayName;
  return `${what} ${formatFit(fit)}${otherwise === null ? "" : ` [${otherwise}]`}`;
}

const PHONE = sku("MCOEV", ["MCOEV"]);
const TALK = sku("STANDARDPACK", ["MCOSTANDARD", "EXCHANGE"]);
const all = new Catalog([...catalog.skus, PHONE, TALK]);

describe("proposals", () => {
  it("take a group with the holders as its members, and a new one where there is none", () => {
    const proposals = proposalsFor({
      users: [...many("ada", 3, [direct("ENTERPRISEPACK")]), holder("ben", [direct("EMS")])],
      groups: { Finance: { members: namesOf("ada", 3) } },
    });
    assert.deepEqual(proposals.map(words), ["existing Finance: ENTERPRISEPACK for 3", "direct-holders: EMS for 1"]);
    assert.deepEqual(
      proposals.map(({ name }) => name),
      ["finance", "ems"],
    );
  });

  it("take no rule where its users would join a group that gives them more, before Entra has evaluated the rule", () => {
    const proposals = proposalsFor({
      users: [
        ...many("ada", 40, [direct("ENTERPRISEPACK", { without: ["TEAMS1"] })], { companyName: "Fabrikam" }),
        ...many("ben", 40, [direct("ENTERPRISEPACK")]),
      ],
    });
    assert.deepEqual(proposals.map(words).sort(), [
      "direct-holders: ENTERPRISEPACK for 40",
      "direct-holders: ENTERPRISEPACK-TEAMS1 for 40",
    ]);
    assert.deepEqual(
      proposals.flatMap(({ gains }) => gains),
      [],
    );
  });

  it("have names that end between words, and say how many products are left out", () => {
    const products = [
      "Dynamics 365 Team Members",
      "Teams Phone",
      "Domestic and International Calling Plan",
      "Visio Plan 2",
    ];
    const skus = products.map((name, at) => sku(name, [`PLAN${at}`]));
    const own = new Catalog([...catalog.skus, ...skus]);
    const licenses = [E3, ...skus].map(({ id }) => ({ skuId: id, disabledPlans: [] }));
    const names = new Names();
    assert.equal(
      names.display(licenses, own),
      "LIC E3 + Dynamics 365 Team Members + Teams Phone + Domestic and International Calling Plan + 1 more",
    );
    assert.equal(
      names.logical("E1 + Defender for Office 365 (Plan 1) + Exchange"),
      "e1-defender-for-office-365-plan-1",
    );
  });

  it("tell each pattern from the others, by SKU and disabled plans", () => {
    const proposals = proposalsFor({
      users: [
        ...many("ada", 3, [direct("ENTERPRISEPACK", { without: ["TEAMS1", "YAMMER"] })]),
        ...many("ben", 2, [direct("ENTERPRISEPACK", { without: ["YAMMER", "TEAMS1"] })]),
        holder("cleo", [direct("ENTERPRISEPACK", { without: ["YAMMER"] }), direct("EMS")]),
      ],
    });
    assert.deepEqual(proposals.map(words).sort(), [
      "direct-holders: ENTERPRISEPACK-TEAMS1-YAMMER for 5",
      "direct-holders: ENTERPRISEPACK-YAMMER+EMS for 1",
    ]);
  });

  it("show a group that nearly fits with both figures, and leave it to a person", () => {
    const [proposal] = proposalsFor({
      users: [...many("ada", 200, [direct("ENTERPRISEPACK")]), ...many("ben", 1, [direct("EMS")])],
      groups: {
        "Finance department": { members: [...namesOf("ada", 198), "ben1", "nobody", "somebody"] },
        "Half of them": { members: namesOf("ada", 100) },
        Everybody: { members: [...namesOf("ada", 200), ...namesOf("stranger", 150)] },
      },
    });
    assert.ok(proposal);
    assert.equal(words(proposal), "direct-holders: ENTERPRISEPACK for 200");
    assert.deepEqual(proposal.alternatives.map(formatAlternative), [
      "Finance department covers 198 of 200, and 3 users that do not have it today",
    ]);
  });

  const notUsed: readonly [string, Parameters<typeof proposalsFor>[0]["groups"], string][] = [
    ["has no security", { Club: { members: namesOf("ada", 6), securityEnabled: false } }, "not-security-enabled"],
    [
      "gives another SKU",
      { Club: { members: namesOf("ada", 6), licenses: [license("VISIOCLIENT")] } },
      "gives-another-sku",
    ],
    [
      "gives this SKU with fewer plans",
      { Club: { members: namesOf("ada", 6), licenses: [license("EMS", { without: ["INTUNE_A"] })] } },
      "gives-this-sku-otherwise",
    ],
  ];
  for (const [what, groups, reason] of notUsed) {
    it(`do not use a group that fits and ${what}`, () => {
      const [proposal] = proposalsFor({ users: many("ada", 6, [direct("EMS")]), groups: groups ?? {} });
      assert.equal(proposal?.from.kind, "direct-holders");
      assert.deepEqual(
        proposal.alternatives.map(({ otherwise }) => otherwise),
        [reason],
      );
    });
  }

  it("make one group of one department: what the same group or the same users hold goes together", () => {
    const proposals = proposalsFor({
      users: many("ada", 6, [direct("EMS"), direct("VISIOCLIENT")]),
      groups: { Design: { members: namesOf("ada", 6) } },
    });
    assert.deepEqual(proposals.map(words), ["existing Design: EMS+VISIOCLIENT for 6"]);
  });

  it("count a member with all of it and more plans on as a user that gets nothing more", () => {
    const [proposal] = proposalsFor({
      users: [...many("ada", 6, [direct("EMS", { without: ["INTUNE_A"] })]), holder("ben", [direct("EMS")])],
      groups: { Staff: { members: [...namesOf("ada", 6), "ben"] } },
    });
    assert.equal(proposal && words(proposal), "existing Staff: EMS-INTUNE_A for 6");
  });

  it("count a member with the same plans from another SKU as a user that gets more: it takes a seat", () => {
    const [proposal] = proposalsFor({
      users: [...many("ada", 6, [direct("EMS")]), holder("ben", [direct("EMSPREMIUM")])],
      groups: { Staff: { members: [...namesOf("ada", 6), "ben"] } },
    });
    assert.deepEqual(proposal?.alternatives.map(formatAlternative), [
      "Staff covers 6 of 6, and 1 user that does not have it today",
    ]);
  });

  it("declare the group that gives a licence today for members that have it directly too", () => {
    const both = [direct("EMS"), inherited("EMS", "Staff")];
    const proposals = proposalsFor({
      users: [...many("ada", 3, both), ...many("ben", 2, [direct("EMS")]), holder("cleo", [inherited("EMS", "Staff")])],
      groups: {
        Staff: { members: [...namesOf("ada", 3), "cleo"], licenses: [license("EMS"), license("VISIOCLIENT")] },
      },
    });
    assert.deepEqual(proposals.map(words), ["licensed Staff: EMS for 3", "direct-holders: EMS for 2"]);
  });

  const notCovered: readonly [string, Parameters<typeof inherited>[2], ReturnType<typeof license>][] = [
    ["gives fewer plans", { without: ["INTUNE_A"] }, license("EMS", { without: ["INTUNE_A"] })],
    ["is in error for them", { state: "Error", error: "CountViolation" }, license("EMS")],
    ["gives it only until the next processing", { state: "ActiveWithError", error: "Other" }, license("EMS")],
    ["has been narrowed meanwhile", {}, license("EMS", { without: ["INTUNE_A"] })],
  ];
  for (const [what, entry, gives] of notCovered) {
    it(`do not count on a group that ${what}`, () => {
      const proposals = proposalsFor({
        users: many("ada", 3, [direct("EMS"), inherited("EMS", "Staff", entry)]),
        groups: { Staff: { members: namesOf("ada", 3), licenses: [gives] } },
      });
      assert.deepEqual(proposals.map(words), ["direct-holders: EMS for 3"]);
    });
  }

  describe("by a rule", () => {
    const design = many("ada", 6, [direct("VISIOCLIENT")], { department: "Design" });

    it("take an attribute that separates the holders cleanly, without case", () => {
      const [first, ...rest] = design;
      assert.ok(first);
      const proposals = proposalsFor({ users: [{ ...first, department: "DESIGN" }, ...rest] });
      assert.deepEqual(
        proposals.map(words).map((each) => each.toLowerCase()),
        ['rule user.department -eq "design": visioclient for 6'],
      );
    });

    it("count the users without any licence that it takes", () => {
      const [proposal] = proposalsFor({ users: design, others: ["department=design"] });
      assert.equal(proposal?.from.kind, "direct-holders");
      assert.deepEqual(proposal.alternatives.map(formatAlternative), [
        'user.department -eq "Design" covers 6 of 6, and 1 user that does not have it today',
      ]);
    });

    it("take a few values of one attribute where they separate the holders cleanly", () => {
      const countries = ["DE", "AT", "DE"];
      const users = many("ada", 18, [direct("VISIOCLIENT")]).map((each, at) => ({
        ...each,
        country: countries[at % 3] ?? null,
      }));
      const elsewhere = holder("zoe", [direct("EMS")], { country: "CH" });
      assert.deepEqual(proposalsFor({ users: [...users, elsewhere] }).map(words), [
        'rule user.country -in ["DE", "AT"]: VISIOCLIENT for 18',
        "direct-holders: EMS for 1",
      ]);
      const [proposal] = proposalsFor({ users, others: ["country=at"] });
      assert.deepEqual(proposal?.alternatives.map(formatAlternative), [
        'user.country -in ["DE", "AT"] covers 18 of 18, and 1 user that does not have it today',
      ]);
    });

    it("take two attributes together where neither does alone", () => {
      const users = [
        ...many("ada", 6, [direct("VISIOCLIENT")], { department: "Design", country: "DE" }),
        ...many("ben", 3, [direct("EMS")], { department: "Design", country: "CH" }),
        ...many("cleo", 3, [direct("EMS")], { department: "Sales", country: "DE" }),
      ];
      assert.deepEqual(proposalsFor({ users }).map(words).sort(), [
        "direct-holders: EMS for 6",
        'rule user.department -eq "Design" -and user.country -eq "DE": VISIOCLIENT for 6',
      ]);
      const nearly = proposalsFor({ users, others: ["department=design&country=de", "department=design"] });
      assert.equal(
        nearly.flatMap(({ alternatives }) => alternatives.map(formatAlternative))[0],
        'user.department -eq "Design" -and user.country -eq "DE" covers 6 of 6, and 1 user that does not have it today',
      );
    });

    it("prefer the simplest of rules that fit, and leave out values of a handful of people", () => {
      const both = design.map((each, at) => ({ ...each, country: at < 4 ? "DE" : "AT" }));
      assert.deepEqual(proposalsFor({ users: both }).map(words), [
        'rule user.department -eq "Design": VISIOCLIENT for 6',
      ]);
      const scattered = many("ada", 12, [direct("VISIOCLIENT")]).map((each, at) => ({
        ...each,
        country: `C${at % 6}`,
      }));
      assert.equal(proposalsFor({ users: scattered })[0]?.from.kind, "direct-holders");
      const six = many("ada", 60, [direct("VISIOCLIENT")]).map((each, at) => ({ ...each, country: `C${at % 6}` }));
      assert.equal(proposalsFor({ users: six })[0]?.from.kind, "direct-holders", "six values are a list, and no rule");
    });

    it("do not take one that holds by chance, or has a value that a rule cannot say", () => {
      assert.equal(proposalsFor({ users: design.slice(0, 4) })[0]?.from.kind, "direct-holders");
      const quoted = design.map((each) => ({ ...each, department: 'The "Design"' }));
      assert.equal(proposalsFor({ users: quoted })[0]?.from.kind, "direct-holders");
    });

    it("prefer a group that is there", () => {
      const [proposal] = proposalsFor({ users: design, groups: { Drawing: { members: namesOf("ada", 6) } } });
      assert.equal(proposal && words(proposal), "existing Drawing: VISIOCLIENT for 6");
    });
  });

  it("put an add-on into a group with the very licence that its holders have beside it", () => {
    const proposals = proposalsFor({
      catalog: all,
      users: [
        ...many("ada", 2, [direct("MCOEV"), direct("STANDARDPACK")]),
        ...many("ben", 3, [direct("STANDARDPACK")]),
        holder("cleo", [direct("MCOEV"), direct("STANDARDPACK", { without: ["EXCHANGE"] })]),
        holder("dan", [direct("MCOEV")]),
      ],
    });
    assert.deepEqual(proposals.map(words).sort(), [
      "direct-holders: STANDARDPACK for 3",
      "direct-holders: STANDARDPACK+MCOEV for 2",
      "direct-holders: STANDARDPACK-EXCHANGE+MCOEV for 1",
    ]);
  });

  it("take no rule for an add-on whose holders would join the group of its base before Entra has evaluated it", () => {
    const proposals = proposalsFor({
      catalog: all,
      users: [
        ...many("ada", 6, [direct("MCOEV"), direct("STANDARDPACK")], { department: "Design" }),
        ...many("ben", 6, [direct("STANDARDPACK")]),
      ],
    });
    assert.deepEqual(proposals.map(words).sort(), [
      "direct-holders: STANDARDPACK for 6",
      "direct-holders: STANDARDPACK+MCOEV for 6",
    ]);
  });

  it("put into one group an add-on and all its prerequisites, under any name of the add-on", () => {
    const calls = sku("MCOPSTN_5", ["MCOPSTN1"]);
    const audio = sku("MCOMEETADV_GOV", ["MCOMEETADV"]);
    const whole = sku("ENTERPRISEPREMIUM", ["MCOEV", "TEAMS1", "MCOSTANDARD"]);
    const phone = sku("MCOEV", ["MCOEV"]);
    const users = [
      ...many("ada", 2, [direct("MCOPSTN_5"), direct("MCOEV"), direct("STANDARDPACK")]),
      ...many("ben", 3, [direct("MCOMEETADV_GOV"), direct("STANDARDPACK")]),
      ...many("cleo", 4, [direct("ENTERPRISEPREMIUM")]),
      holder("dan", [direct("MCOPSTN_5"), direct("MCOEV")]),
      holder("eve", [direct("MCOPSTN_5"), direct("ENTERPRISEPREMIUM", { without: ["TEAMS1"] })]),
    ];
    const list = new Catalog([...catalog.skus, calls, audio, whole, phone, TALK]);
    const proposals = proposalsFor({ catalog: list, users });
    const given = proposals.map(({ licenses, holders }) => {
      const names = licenses.map(
        ({ skuId, disabledPlans }) => `${list.skuName(skuId)}${"-".repeat(disabledPlans.length)}`,
      );
      return `${names.join("+")} for ${holders.length}`;
    });
    assert.deepEqual(given.sort(), [
      "ENTERPRISEPREMIUM for 4",
      "ENTERPRISEPREMIUM-+MCOPSTN_5 for 1",
      "STANDARDPACK+MCOMEETADV_GOV for 3",
      "STANDARDPACK+MCOPSTN_5+MCOEV for 2",
    ]);
    const { leftAlone } = wantedOf(todayOf({ catalog: list, users }));
    assert.deepEqual(
      leftAlone.map(({ skuId, why, userIds }) => [list.skuName(skuId), why, userIds.length]),
      [
        ["MCOPSTN_5", "lacks-prerequisite", 1],
        ["MCOEV", "lacks-prerequisite", 1],
      ],
    );
  });

  it("leave out what no group can give: not in force, not in the tenant's list, for the company", () => {
    const company = sku("COMPANY", ["X"], { appliesTo: "Company" });
    const proposals = proposalsFor({
      catalog: new Catalog([EMS, E3, company]),
      users: [holder("ada", [{ ...direct("EMS"), state: "Error" }, direct("VISIOCLIENT"), direct("COMPANY")])],
    });
    assert.deepEqual(proposals, []);
  });

  it("do not speak of a plan that the SKU no longer has", () => {
    const [proposal] = proposalsFor({
      users: [holder("ada", [direct("EMS", { without: ["RETIRED"] })]), holder("ben", [direct("EMS")])],
    });
    assert.equal(proposal && words(proposal), "direct-holders: EMS for 2");
  });

  it("go by id where groups have one name, and give each a logical name of its own", () => {
    const users = [...many("ada", 2, [direct("EMS")]), ...many("ben", 2, [direct("VISIOCLIENT")])];
    const groups = { "Ärzte 👩‍⚕️": { members: namesOf("ada", 2) }, Arzte: { members: namesOf("ben", 2) } };
    const proposals = proposalsFor({ users, groups });
    assert.deepEqual(proposals.map(({ name }) => name).sort(), ["arzte", "arzte-2"]);
    assert.deepEqual(
      new Set(proposals.map(({ from }) => ("group" in from ? from.group.id : null))),
      new Set(Object.keys(groups).map(groupId)),
    );
  });
});
