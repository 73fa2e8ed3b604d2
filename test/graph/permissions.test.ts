import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allRoutes } from "../../emulator/routes";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import {
  missingFor,
  OPERATIONS,
  type Operation,
  type OperationFacts,
  type Part,
} from "../../graph/diagnostics/permissions";
import * as queries from "../../graph/reads/queries";
import { REQUESTS, type RequestName } from "../../graph/diagnostics/requests";
import { grantToApp } from "../../cli/doctor/grant";
import { UNLISTED } from "../../cli/doctor/permission-checks";
import { requestNamed } from "./request-named";

const operations = Object.keys(OPERATIONS) as Operation[];
const factsOf = (operation: Operation): OperationFacts => OPERATIONS[operation];
const read = (file: string) => readFileSync(join(__dirname, "..", "..", file), "utf8");

const FOR: Readonly<Record<Part, string>> = {
  preview: "`discover` and every preview",
  hidden: "only groups with hidden membership",
  up: "**`up`**",
  groups: "only [groups that are made here](made-groups.md)",
  evidence: "optional",
  moves: "only with [`licensing:moves`](stack-file.md#moves)",
  reprocess: "only with `licensing:reprocess: true`",
};

/** The table of docs/permissions.md, from the operations. */
function table(): string {
  const rows = new Map<string, { readonly purpose: string; readonly words: string[] }>();
  for (const { part, when, words: bare, permissions, without, isUnlisted } of operations.map(factsOf)) {
    const words = isUnlisted === true ? `${bare} (${UNLISTED})` : bare;
    for (const permission of permissions) {
      const purpose = FOR[part] + (when === "owners" ? " with owners" : "");
      const before = rows.get(permission);
      // The first part that needs a permission stands for all; two that are both optional are named both.
      const or = before !== undefined && part === "moves" ? `, or ${FOR.moves.replace("only ", "")}` : "";
      const row = before === undefined ? { purpose, words: [] } : { ...before, purpose: before.purpose + or };
      rows.set(permission, row);
      row.words.push(without === undefined ? words : `${words}; without it ${without}`);
    }
  }
  const lines = [...rows].map(([name, { purpose, words }]) => `\`${name}\` | ${purpose} | ${words.join(", ")}`);
  return ["permission | for | to", ...lines].join("\n");
}

/** A table without its drawing. */
function cellsOf(markdown: string): string {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|") && !line.startsWith("| -"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim())
        .join(" | "),
    )
    .join("\n");
}

const permissionsOf = (...parts: readonly Part[]) => [
  ...new Set(
    operations
      .map(factsOf)
      .filter(({ part }) => parts.includes(part))
      .flatMap(({ permissions }) => permissions),
  ),
];

describe("the table of requests and permissions", () => {
  it("has for each operation permissions that allow all of it, and none too many", () => {
    for (const operation of operations) {
      const { permissions } = factsOf(operation);
      assert.deepEqual(missingFor(operation, permissions), [], operation);
      for (const each of permissions) {
        const others = permissions.filter((other) => other !== each);
        assert.deepEqual(missingFor(operation, others), [each], operation);
      }
    }
  });

  it("asks for nothing more than the parts need", () => {
    for (const parts of [["preview"], ["preview", "up"]] as const) {
      const asked = permissionsOf(...parts);
      for (const permission of asked) {
        const others = asked.filter((each) => each !== permission);
        const lacking = operations.filter((operation) => missingFor(operation, others).includes(permission));
        assert.ok(lacking.length > 0, `${permission} can go`);
      }
    }
  });

  it("knows of the proof that GroupMember.Read.All and User.Read.All are not enough", () => {
    assert.deepEqual(missingFor("readMemberships", ["GroupMember.Read.All", "User.Read.All", "Group.Read.All"]), [
      "GroupMember.ReadBasic.All",
    ]);
  });

  it("is what docs/permissions.md lists, and what its commands grant", () => {
    const page = read("docs/permissions.md");
    const section = page.slice(page.indexOf("## Which permissions"), page.indexOf("## How do I sign in"));
    assert.equal(cellsOf(section), table());
    const commands = grantToApp(permissionsOf("preview", "up"), '"$app"').join("\n");
    assert.ok(section.includes(commands), commands);
  });

  it("has the permissions that README names for a preview and for up, and no others", () => {
    const named = [...read("README.md").matchAll(/`(\w+(?:\.\w+)*\.(?:All|AzureADGroup|Hidden))`/g)].map(
      ([, name]) => name,
    );
    assert.deepEqual(named, permissionsOf("preview", "up"));
  });

  it("is what the embedded Graph grants by default", () => {
    const isOfMigration = new Set<string>(migrationPermissions);
    assert.deepEqual([...migrationPermissions].sort(), permissionsOf("preview", "up", "evidence").sort());
    assert.deepEqual(
      [...madeGroupPermissions].sort(),
      permissionsOf("groups")
        .filter((each) => !isOfMigration.has(each))
        .sort(),
    );
  });

  /** Why the embedded Graph allows a request with other permissions than this table names. */
  const DIFFERENCES: Readonly<Record<string, string>> = {
    "GET /organization": "+User.Read.All: it answers, with id, name and domains alone",
  };

  for (const [name, permissions] of Object.entries(REQUESTS)) {
    it(`${name} is allowed by the same permissions in the embedded Graph`, () => {
      const [method = "", path = ""] = name.split(" ");
      const routes = allRoutes({ auditLagMs: 0 }).filter(
        (route) => route.method === method && requestNamed(route.method, route.path) === name,
      );
      assert.ok(routes.length > 0, `the embedded Graph does not know ${method} ${path}`);
      for (const route of routes) {
        const more = route.permissions.filter((each) => !(permissions as readonly string[]).includes(each));
        const fewer = permissions.filter((each) => !route.permissions.includes(each));
        const differences = [...more.map((each) => `+${each}`), ...fewer.map((each) => `-${each}`)].sort().join(" ");
        assert.equal(differences, DIFFERENCES[name]?.split(":")[0] ?? "");
      }
    });
  }

  describe("names each question, under its operation", () => {
    const id = "43de0ff5-c92c-492b-9116-175376d08c38";
    const asked = {
      organization: queries.organization(),
      subscribedSkus: queries.subscribedSkus(),
      subscriptions: queries.subscriptions(),
      user: queries.user(id),
      userByName: queries.user("$ada@contoso.com"),
      membershipsOf: queries.membershipsOf(id),
      membersInError: queries.membersInError(id),
      group: queries.group(id),
      groupRule: queries.groupRule(id),
      ruleStatus: queries.ruleStatus(id),
      groupsNamed: queries.groupsNamed("O'Hara / Ops"),
      userMembers: queries.userMembers(id),
      groupMembers: queries.groupMembers(id),
      usersAtAnyDepth: queries.usersAtAnyDepth(id),
      holdersOf: queries.holdersOf(id),
      licensedUsers: queries.licensedUsers(),
      userMemberIds: queries.userMemberIds(id),
      userMemberCount: queries.userMemberCount(id),
      userCount: queries.userCount([{ property: "department", values: ["a", "b"] }]),
      auditRecordsOf: queries.auditRecordsOf(id, new Date(0)),
      licenseChanges: queries.licenseChanges(new Date(0)),
      membershipsEnded: queries.membershipsEnded(new Date(0)),
      groupUses: queries.groupUses(id),
      appRolesOf: queries.appRolesOf(id),
      groupsAround: queries.groupsAround(id),
      deletedItem: queries.deletedItem(id),
      membershipEndsOfGroup: queries.membershipEndsOfGroup(id),
      membershipEndsOfUser: queries.membershipEndsOfUser(id),
      newestAuditRecord: queries.newestAuditRecord(),
      anyUser: queries.anyUser(),
      anyGroups: queries.anyGroups(),
      directoryObject: queries.directoryObject(id),
      relatedTo: queries.relatedTo(id, "owners"),
    };
    for (const [name, { url, purpose }] of Object.entries(asked)) {
      it(name, () => {
        const request: RequestName | null = requestNamed("GET", url);
        assert.ok(request !== null, `${url} is not in the table`);
        assert.ok(factsOf(purpose.operation).requests.includes(request), `${request} is not of ${purpose.operation}`);
      });
    }

    /** That nothing depends on its answer is held in test/providers/evaluated-rule.test.ts. */
    it("and asks the beta version how far a rule is, and nothing else", () => {
      const ofBeta = Object.entries(asked).filter(
        ([, question]) => "version" in question && question.version === "beta",
      );
      assert.deepEqual(
        ofBeta.map(([name]) => name),
        ["ruleStatus"],
      );
    });

    it("and there are no others", () => {
      const others = Object.keys(queries).filter((name) => !(name in asked));
      assert.deepEqual(others, []);
    });
  });
});
