import assert from "node:assert/strict";
import { parse } from "yaml";
import { Catalog } from "../../../licensing/catalog/catalog";
import { configTexts } from "../../../licensing/stack-file/config-texts";
import { coveredToday } from "../../../licensing/discovery/covered-today";
import { withoutGroup } from "../../../licensing/discovery/outcome";
import { membersOf } from "../../../licensing/discovery/present-members";
import { propose } from "../../../licensing/discovery/propose";
import { wantedOf } from "../../../licensing/discovery/wanted";
import { stackFileText, type StackFileParts } from "../../../licensing/discovery/stack-file-text";
import { byName, type People } from "../../../licensing/people";
import { readStackFile } from "../../../licensing/stack-file/reading";
import { direct, EMS, groupId, inherited, license, sku } from "../builders";
import { holder, many, namesOf, todayOf, type TodayParts } from "./today";

const TENANT = "6f1c9a52-3b0e-4c1d-9e57-2a8d4b7f10c3";

function textFor(parts: TodayParts, changes: Partial<StackFileParts> = {}): string {
  const today = todayOf(parts);
  const { proposals, few } = propose(today, wantedOf(today));
  return stackFileText({
    leftAlone: [],
    without: (proposal) => withoutGroup(proposal, proposals, today, membersOf(today)),
    tenant: { id: TENANT, displayName: "Contoso" },
    cloud: "global",
    proposals,
    few,
    catalog: today.catalog,
    owners: [],
    users: today.users.size,
    nowMs: Date.UTC(2026, 10, 22, 9, 30),
    schemaLine: "yaml-language-server: $schema=../stack-file.schema.json",
    ...changes,
  });
}

/** As the engine would hand it over. */
function read(text: string) {
  const { config } = parse(text) as { config: Record<string, unknown> };
  return readStackFile(configTexts(config));
}

/** Comments as one line, to look for words in. */
const unwrapped = (text: string) => text.replace(/\n\s*# ?/g, " ");

describe("a first stack file", () => {
  const staff: TodayParts = {
    users: [
      ...many("ada", 3, [direct("EMS"), inherited("EMS", "Staff")]),
      ...many("ben", 2, [direct("ENTERPRISEPACK", { without: ["YAMMER"] })]),
    ],
    groups: {
      Staff: { members: namesOf("ada", 3), licenses: [license("EMS")] },
      Finance: { members: namesOf("ben", 2) },
    },
  };

  it("names users of create.except beside their ids, only where names may be shown", () => {
    const ada = holder("ada", [direct("EMS")], { displayName: "Ada # Lovelace", userPrincipalName: "ada@contoso.com" });
    const today = todayOf({ users: [ada, ...many("ben", 4, [direct("EMS")])] });
    const proposals = propose(today, wantedOf(today)).proposals.map((each) => ({ ...each, except: [ada.id] }));
    const written = (people?: People) => textFor({ users: [ada] }, { proposals, ...(people && { people }) });
    assert.match(
      written(byName(today.users)),
      new RegExp(`except:\\n +- ${ada.id} # Ada # Lovelace, ada@contoso\\.com\\n`),
    );
    assert.match(written(), new RegExp(`except:\\n +- ${ada.id}\\n`));
  });

  it("tells editors of its schema in its first line", () => {
    assert.match(
      textFor(staff),
      /^# yaml-language-server: \$schema=\.\.\/stack-file\.schema\.json\n# Contoso as it was/,
    );
  });

  it("has a tenth wave only where more than the canary is left for it", () => {
    for (const [users, expected] of [
      [399, ["canary", "everyone"]],
      [400, ["canary", "tenth", "everyone"]],
    ] as const) {
      const reading = read(textFor(staff, { users }));
      assert.ok(reading.ok);
      assert.deepEqual(
        reading.stackFile.waves.map(({ name }) => name),
        expected,
      );
    }
  });

  it("has the groups, waves, and nothing that removes anything", () => {
    const reading = read(textFor(staff));
    assert.ok(reading.ok);
    const { tenant, cloud, groups, waves, applyThrough } = reading.stackFile;
    assert.deepEqual([tenant, cloud, applyThrough], [TENANT, "global", null]);
    assert.deepEqual(
      waves.map(({ name }) => name),
      ["canary", "everyone"],
    );
    assert.deepEqual(groups, [
      { name: "staff", existing: groupId("Staff"), licenses: [{ sku: "EMS", disabledPlans: [] }] },
      {
        name: "finance",
        existing: groupId("Finance"),
        licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER"] }],
      },
    ]);
  });

  it("says above each group its users, and beside an id the name", () => {
    const text = textFor(staff);
    assert.match(text, /# 3 users of this group have EMS from it and directly too\.\n {4}staff:/);
    assert.match(
      unwrapped(text),
      /2 users hold ENTERPRISEPACK without YAMMER directly: this group has all of them, and no other user/,
    );
    assert.match(text, new RegExp(`existing: ${groupId("Finance")} # Finance\n`));
    assert.match(text, /# Contoso as it was at 2026-11-22 09:30 UTC: 5 users with a licence\.\n/);
  });

  it("names the cloud where it is not the worldwide one", () => {
    for (const cloud of ["usgov", { graph: "https://localhost:8443", authority: "https://localhost:8444" }] as const) {
      const reading = read(textFor(staff, { cloud }));
      assert.ok(reading.ok);
      assert.deepEqual(reading.stackFile.cloud, cloud);
    }
  });

  it("makes groups in the words of the stack file, with owners where they are known", () => {
    const users = [
      ...many("ada", 2, [direct("EMS")]),
      ...many("ben", 6, [direct("VISIOCLIENT")], { department: "R'n'D: #1" }),
    ];
    const text = textFor({ users }, { owners: ["it@contoso.com"] });
    assert.ok(read(text).ok, "it validates");
    const { config } = parse(text) as { config: Record<string, unknown> };
    assert.deepEqual(config["licensing:groups"], {
      visioclient: {
        create: {
          displayName: "LIC Visio Plan 2",
          owners: ["it@contoso.com"],
          members: { rule: `user.department -eq "R'n'D: #1"` },
        },
        licenses: ["VISIOCLIENT"],
      },
      ems: {
        create: {
          displayName: "LIC Enterprise Mobility + Security E3",
          owners: ["it@contoso.com"],
          members: "direct-holders",
        },
        licenses: ["EMS"],
      },
    });
  });

  it("says at a pattern with a plan or two off how to merge it with the one that has them on, and not where more are off", () => {
    const users = [
      ...many("ada", 5, [direct("EMS")]),
      ...many("ben", 2, [direct("EMS", { without: ["INTUNE_A"] })]),
      ...many("dora", 3, [direct("ENTERPRISEPACK")]),
      ...many("cleo", 1, [direct("ENTERPRISEPACK", { without: ["EXCHANGE", "TEAMS1", "YAMMER"] })]),
    ];
    const text = unwrapped(textFor({ users }));
    assert.match(
      text,
      /2 users hold EMS without INTUNE_A directly and become members of a new group\. CHOICE: if this group is an accident, take it out: its 2 users then join ems, with INTUNE_A on\. That takes no further seat\.\n {4}ems-without-intune-a:/,
    );
    assert.equal(text.split("if this group is an accident").length, 2, "three plans apart are not near");
  });

  it("keeps names from the tenant inside their comments", () => {
    const name = "Evil\n  licensing:applyThrough: everyone\u2028x: \u202eeslaf 'quoted' \"twice\" # and more";
    const parts: TodayParts = {
      users: many("ada", 2, [direct("EMS")]),
      groups: { [name]: { members: namesOf("ada", 2) } },
    };
    const text = textFor(parts, { tenant: { id: TENANT, displayName: name } });
    const reading = read(text);
    assert.ok(reading.ok);
    assert.equal(reading.stackFile.applyThrough, null);
    assert.equal(reading.stackFile.tenant, TENANT);
    assert.doesNotMatch(text, /[\u2028\u202e]/);
  });

  it("names a SKU or plan by id where its name leads elsewhere", () => {
    const twin = sku("EMS", ["OTHER"], { id: "11111111-1111-4111-8111-111111111111" });
    const nameless = sku("ODD", ["", "B"]);
    const users = [
      holder("ada", [{ ...direct("EMS"), skuId: twin.id }]),
      holder("ben", [direct("ODD", { without: [""] })]),
    ];
    const odd = new Catalog([EMS, nameless, twin]);
    const { config } = parse(textFor({ users, catalog: odd })) as { config: Record<string, unknown> };
    const groups = Object.values(config["licensing:groups"] as Record<string, { licenses: unknown[] }>);
    const licenses = groups.flatMap((group) => group.licenses);
    assert.deepEqual(
      licenses.filter((each) => typeof each === "string"),
      [twin.id],
    );
    for (const each of licenses) {
      const spec =
        typeof each === "string"
          ? { sku: each, disabledPlans: [] }
          : (each as { sku: string; disabledPlans: string[] });
      assert.ok("found" in odd.resolve(spec), JSON.stringify(each));
    }
  });

  it("puts 600 SKUs of one user into groups of five, none named like another", () => {
    const skus = Array.from({ length: 600 }, (_, at) =>
      sku(`A_SKU_WITH_A_VERY_LONG_PART_NUMBER_OF_ITS_OWN_${at}`, ["P"]),
    );
    const users = [
      holder(
        "ada",
        skus.map(({ partNumber }) => direct(partNumber)),
      ),
    ];
    const { config } = parse(textFor({ users, catalog: new Catalog(skus) })) as { config: Record<string, object> };
    const names = Object.keys(config["licensing:groups"] ?? {});
    assert.equal(names.length, 120);
    for (const name of names) assert.match(name, /^[a-z][a-z0-9-]{0,39}$/);
  });

  it("names direct licences that a group gives by another SKU, with the lines that take them up", () => {
    const E5 = sku("SPE_E5", ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE", "ATA"]);
    const parts: TodayParts = {
      users: many("ada", 3, [direct("EMS"), inherited("SPE_E5", "Staff")]),
      groups: {
        Staff: { members: namesOf("ada", 3), licenses: [license("SPE_E5")], processingState: "ProcessingComplete" },
      },
      catalog: new Catalog([EMS, E5]),
    };
    const text = textFor(parts, { covered: coveredToday(todayOf(parts)) });
    const group = groupId("Staff");
    assert.match(
      unwrapped(text),
      /CHOICE: 3 users hold EMS directly, and Staff gives them all of it \(SPE_E5\): 3 seats\. To remove it in the waves/,
    );
    assert.match(
      text,
      new RegExp(`^# NAME: { existing: ${group}, licenses: \\[{ sku: SPE_E5, replaces: \\[EMS\\] }\\] }$`, "m"),
    );
    const missing = {
      ...parts,
      users: many("ada", 3, [direct("EMS"), inherited("SPE_E5", "Staff", { without: ["INTUNE_A"] })]),
    };
    assert.deepEqual(coveredToday(todayOf(missing)), []);
  });
});
