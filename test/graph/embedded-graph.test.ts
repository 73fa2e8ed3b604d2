import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { guidFrom, type Emulator, type TenantSpec } from "../../emulator";
import { migrationPermissions } from "../../emulator/directory/spec";
import { EMS, ENTERPRISEPACK } from "../../emulator/tenants/products";
import { GraphError, type GraphFailure } from "../../graph/client/failure";
import { type LicenseWrites, connectForWriting, type ConnectExtra } from "../../graph/tenant-graph";
import { withAzureEnvironment } from "./environment";
import { licensesFor, proven } from "./proofs";
import { trustCertificate } from "./trust";
import { watchedEmulator } from "../contract/watched-emulator";

const TENANT = guidFrom("tenant of the graph tests");
const userId = (n: number): string => guidFrom(`user ${n}`);
const GROUP = guidFrom("all users");
const NESTED = guidFrom("nested");

/** 1,050 users with EMS, so that their group has two pages; the first one has E3 too. */
function tenant(): TenantSpec {
  const users = Array.from({ length: 1_050 }, (_, index) => ({
    id: userId(index + 1),
    userPrincipalName: `user${index + 1}@contoso.com`,
    licenses:
      index === 0 ? [{ sku: "EMS", disabledPlans: ["RMS_S_PREMIUM"] }, { sku: "ENTERPRISEPACK" }] : [{ sku: "EMS" }],
  }));
  return {
    id: TENANT,
    displayName: "Contoso",
    verifiedDomains: ["contoso.com", "contoso.onmicrosoft.com"],
    countryLetterCode: "CH",
    skus: [
      { ...EMS, seats: 1_060 },
      { ...ENTERPRISEPACK, seats: 10 },
    ],
    users,
    groups: [
      { id: GROUP, displayName: "All users", members: [...users.map(({ id }) => id), NESTED] },
      { id: NESTED, displayName: "Contractors' group", members: [userId(7), userId(8)] },
      { id: guidFrom("one of two"), displayName: "Twice" },
      { id: guidFrom("two of two"), displayName: "Twice" },
    ],
    apps: [
      {
        name: "migration",
        permissions: [...migrationPermissions],
      },
      { name: "reader", permissions: ["User.Read.All", "GroupMember.Read.All"] },
      { name: "nobody", permissions: [] },
    ],
  };
}

async function failureFrom(promise: Promise<unknown>): Promise<GraphFailure> {
  const error: unknown = await promise.then(
    () => assert.fail("it succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GraphError, String(error));
  return error.failure;
}

describe("a tenant, over HTTPS, from the embedded Graph", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let distrust: () => void;
  const sleeps: number[] = [];

  before(async () => {
    emulator = await watchedEmulator({ tenant: tenant(), clock: "manual", tokenLifetimeSeconds: 3_600 });
    distrust = trustCertificate(readFileSync(emulator.caFile, "utf8"));
  });

  beforeEach(() => {
    emulator.reset();
    sleeps.length = 0;
  });

  after(async () => {
    distrust();
    await emulator.close();
  });

  /** A client on the tenant's time: its waits pass there. */
  function connect(extra: ConnectExtra = {}, configured = TENANT): LicenseWrites {
    return connectForWriting(
      { cloud: { graph: emulator.url, authority: emulator.url }, tenant: configured },
      {
        random: () => 0,
        pauses: {
          now: () => emulator.clock.now().getTime(),
          sleep: (ms) => {
            sleeps.push(ms);
            emulator.clock.advance(ms);
            return Promise.resolve(null);
          },
        },
        ...extra,
      },
    );
  }

  /** Runs signed in as an app of the tenant. */
  function as<T>(run: (graph: LicenseWrites) => Promise<T>, app?: string): Promise<T> {
    return withAzureEnvironment(emulator.credentials(app), () => run(connect()));
  }

  const ems = (): string => emulator.tenant.sku("EMS").skuId;
  const e3 = (): string => emulator.tenant.sku("ENTERPRISEPACK").skuId;

  describe("reading", () => {
    it("the tenant of the credentials, by id and by domain", async () => {
      await withAzureEnvironment(emulator.credentials(), async () => {
        for (const configured of [TENANT, "contoso.com", "contoso.onmicrosoft.com"]) {
          const { verdict, identity } = await connect({}, configured).checkTenant();
          assert.equal(verdict, "pass", configured);
          assert.deepEqual([identity.id, identity.displayName, identity.country], [TENANT, "Contoso", "CH"]);
        }
        for (const configured of [guidFrom("another tenant"), "fabrikam.com"]) {
          const { verdict, reason } = await connect({}, configured).checkTenant();
          assert.equal(verdict, "fail", configured);
          assert.ok(reason.includes(configured) && reason.includes("Contoso"));
        }
      });
    });

    it("SKUs with seats and plans", async () => {
      const skus = await as((graph) => graph.subscribedSkus());
      const sku = skus.find(({ partNumber }) => partNumber === "EMS");
      assert.deepEqual([sku?.id, sku?.consumedUnits, sku?.prepaidUnits.enabled], [ems(), 1_050, 1_060]);
      assert.ok(sku && sku.servicePlans.length > 3);
    });

    it("groups by id and by name; a name that two have gives both", async () => {
      await as(async (graph) => {
        const words = ["All users", "Contractors' group", GROUP.toUpperCase(), "Twice", "Nobody", guidFrom("no group")];
        const before = emulator.requests.http();
        const found = await graph.findGroups(words);
        assert.equal(emulator.requests.http() - before, 2, "all names at a time, then all ids");
        assert.deepEqual([...found.keys()], words);
        const names = words.map((word) => found.get(word)?.map(({ displayName }) => displayName));
        assert.deepEqual(names, [["All users"], ["Contractors' group"], ["All users"], ["Twice", "Twice"], [], []]);
        assert.equal(await graph.group(guidFrom("no group")), null);
      });
    });

    it("groups that must be there: one that is not is an error", async () => {
      await as(async (graph) => {
        assert.deepEqual([...(await graph.presentGroups([GROUP])).keys()], [GROUP]);
        const missing = guidFrom("no group");
        await assert.rejects(graph.presentGroups([GROUP, missing]), new RegExp(`${missing} does not exist`));
      });
    });

    it("members with their licences, page by page, users alone", async () => {
      const pages: number[] = [];
      const ids = new Set<string>();
      await as(async (graph) => {
        for await (const page of graph.memberPages(GROUP)) {
          pages.push(page.length);
          for (const member of page) {
            ids.add(member.id);
            assert.ok(
              member.assignments.some(({ skuId, assignedByGroup }) => skuId === ems() && assignedByGroup === null),
            );
          }
        }
      });
      assert.deepEqual([pages, ids.size, ids.has(NESTED)], [[999, 51], 1_050, false]);
    });

    it("a listing is complete although its token expires in the middle", async () => {
      const ids: string[] = [];
      await as(async (graph) => {
        for await (const page of graph.holderPages(ems())) {
          if (ids.length === 0) emulator.expirePageTokens();
          ids.push(...page.map(({ id }) => id));
        }
      });
      assert.deepEqual([ids.length, new Set(ids).size], [1_050, 1_050]);
    });

    it("nested groups with their users", async () => {
      const { groups, nested } = await as((graph) => graph.groupsWithNested([GROUP, NESTED]));
      assert.deepEqual([groups.get(GROUP)?.displayName, groups.size], ["All users", 2]);
      assert.deepEqual(nested.get(NESTED), []);
      assert.deepEqual(
        nested.get(GROUP)?.map(({ id, displayName, userIds }) => [id, displayName, [...userIds].sort()]),
        [[NESTED, "Contractors' group", [userId(7), userId(8)].sort()]],
      );
    });

    it("users by id and by name, and those that are not there", async () => {
      await as(async (graph) => {
        const found = await graph.findUsers([userId(1), "user2@contoso.com", "nobody@contoso.com"]);
        const [first, second, third] = [...found.values()];
        assert.ok(first && second && "id" in first && "displayName" in second);
        assert.deepEqual(
          [first.id, second.id, third],
          [userId(1), userId(2), { kind: "notFound", id: "nobody@contoso.com" }],
        );
      });
    });

    it("a unit of removal afresh, in one batch", async () => {
      await as(async (graph) => {
        await graph.subscribedSkus();
        emulator.requests.clear();
        const ids = Array.from({ length: 9 }, (_, n) => userId(n + 1));
        const fresh = await graph.freshUsers(ids, [GROUP]);
        assert.equal(emulator.requests.http(), 1);
        assert.deepEqual(fresh.memberships.get(userId(1)), new Set([GROUP]));
        assert.deepEqual(fresh.memberships.get(userId(7)), new Set([GROUP, NESTED]));
        const group = fresh.groups.get(GROUP);
        assert.ok(group && "licenses" in group);
        const first = fresh.users.get(userId(1));
        assert.ok(first && "assignments" in first);
        assert.deepEqual(first.assignments.map(({ skuId }) => skuId).sort(), [ems(), e3()].sort());
        assert.deepEqual(first.assignments.find(({ skuId }) => skuId === ems())?.disabledPlans, [
          emulator.tenant.plan("RMS_S_PREMIUM"),
        ]);
      });
    });
  });

  describe("writing", () => {
    it("a group's licences are accepted, processed, and told of in the audit log", async () => {
      await as(async (graph) => {
        const since = emulator.clock.now();
        await graph.assignGroupLicenses(GROUP, [{ skuId: ems(), disabledPlans: [] }], []);
        assert.notEqual((await graph.group(GROUP))?.processingState, "ProcessingComplete");
        emulator.clock.advance(24 * 3_600_000);
        const group = await graph.group(GROUP);
        assert.equal(group?.processingState, "ProcessingComplete");
        assert.deepEqual(group.licenses, [{ skuId: ems(), disabledPlans: [] }]);
        const evidence = await graph.groupEvidence(GROUP, since);
        assert.ok(evidence.some(({ assigned, failed }) => assigned === 1_050 && failed === 0));
      });
    });

    it("the audit log names the person or app behind a direct licence, but not behind a group licence", async () => {
      await as(async (graph) => {
        const since = emulator.clock.now();
        await graph.assignGroupLicenses(GROUP, [{ skuId: ems(), disabledPlans: [] }], []);
        emulator.clock.advance(24 * 3_600_000);
        const { tenant } = emulator;
        tenant.asApp("svc-licensing").assignDirect(userId(1), "EMS", ["INTUNE_A"]);
        emulator.clock.advance(60_000);
        tenant.as("helpdesk@contoso.com").assignDirect(userId(2), "EMS", ["INTUNE_A"]);
        const { changes, cutBy } = await graph.licenseChanges(since);
        assert.deepEqual(
          changes.map((change) => [change.userId, change.actor]),
          [
            [userId(2), "helpdesk@contoso.com"],
            [userId(1), "svc-licensing"],
          ],
        );
        assert.equal(cutBy, null);
        const [user] = [...(await graph.users([userId(2)])).values()];
        assert.ok(user !== undefined && !("kind" in user));
        const direct = user.assignments.find(
          ({ skuId, assignedByGroup }) => skuId === ems() && assignedByGroup === null,
        );
        const apart = Math.abs((direct?.changedAtMs ?? 0) - Date.parse(changes[0]?.at ?? ""));
        assert.ok(apart < 1_000, `the assignment and the record of it are ${apart} ms apart`);
        assert.deepEqual((await graph.licenseChanges(emulator.clock.now())).changes.length, 1);
      });
    });

    it("direct licences go, in one write a user, and come back with their exact plans", async () => {
      await as(async (graph) => {
        const disabledPlans = [emulator.tenant.plan("RMS_S_PREMIUM")];
        const removed = await graph.removeDirect(
          proven([
            { userId: userId(1), skuIds: [ems(), e3()] },
            { userId: userId(2), skuIds: [ems()] },
            { userId: userId(3), skuIds: [e3()] },
          ]),
        );
        assert.deepEqual(removed.get(userId(1)), { kind: "done" });
        assert.deepEqual(removed.get(userId(2)), { kind: "done" });
        const third = removed.get(userId(3));
        assert.ok(third?.kind === "failed" && third.failure.kind === "licenseRule");
        assert.equal(third.failure.rule, "notAssigned");
        assert.equal(emulator.requests.writes().length, 3);

        const restored = await graph.assignDirect([
          { userId: userId(1), licenses: [{ skuId: ems(), disabledPlans }] },
          { userId: guidFrom("nobody"), licenses: [{ skuId: ems(), disabledPlans: [] }] },
        ]);
        assert.deepEqual(restored.get(userId(1)), { kind: "done" });
        assert.deepEqual(restored.get(guidFrom("nobody")), {
          kind: "failed",
          failure: { kind: "notFound", id: guidFrom("nobody") },
        });
        assert.deepEqual(
          emulator.tenant.directAssignments().filter((direct) => direct.userId === userId(1)),
          [{ userId: userId(1), skuId: ems(), disabledPlans }],
        );
      });
    });
  });

  describe("trouble", () => {
    it("throttled writes alone are sent again, none too early", async () => {
      emulator.faults.add({
        match: { method: "POST", path: /assignLicense/, inBatch: true },
        after: 3,
        times: 4,
        then: { status: 429, retryAfter: 7 },
      });
      const work = Array.from({ length: 10 }, (_, n) => ({ userId: userId(n + 1), skuIds: [ems()] }));
      const outcomes = await as((graph) => graph.assignDirect(licensesFor(work)));
      assert.ok([...outcomes.values()].every(({ kind }) => kind === "done"));
      assert.deepEqual([emulator.requests.writes().length, emulator.requests.early(), sleeps], [14, [], [7_000]]);
    });

    it("a write without an answer is reported as lost, and was done", async () => {
      emulator.faults.add({ match: { path: /assignLicense/, userId: userId(2) }, times: 1, then: "lost" });
      const outcomes = await as((graph) =>
        graph.removeDirect(proven([1, 2, 3].map((n) => ({ userId: userId(n), skuIds: [ems()] })))),
      );
      assert.deepEqual(
        [...outcomes.values()].map((outcome) => (outcome.kind === "failed" ? outcome.failure.kind : "done")),
        ["done", "lost", "done"],
      );
      assert.equal(emulator.tenant.directAssignmentCount("EMS"), 1_047);
      assert.equal(emulator.requests.writes().length, 3);
    });

    it("a batch without an answer is reported as lost, and not repeated", async () => {
      emulator.faults.add({ match: { path: /\$batch/ }, times: 1, then: "lost" });
      const outcomes = await as((graph) =>
        graph.removeDirect(proven([1, 2].map((n) => ({ userId: userId(n), skuIds: [ems()] })))),
      );
      for (const outcome of outcomes.values()) {
        assert.equal(outcome.kind === "failed" ? outcome.failure.kind : "done", "lost");
      }
      assert.equal(emulator.requests.writes().length, 2);
      assert.equal(emulator.tenant.directAssignmentCount("EMS"), 1_048);
    });

    it("a connection that breaks during reads is made again", async () => {
      emulator.faults.add({ match: { method: "GET", path: /members/ }, times: 2, then: "reset" });
      emulator.faults.add({
        match: { method: "GET", path: /members/ },
        times: 1,
        then: { status: 503, retryAfter: 3 },
      });
      await as(async (graph) => {
        let members = 0;
        for await (const page of graph.memberPages(GROUP)) members += page.length;
        assert.equal(members, 1_050);
      });
      assert.deepEqual([emulator.requests.early(), sleeps.at(-1)], [[], 3_000]);
    });

    it("a token that expires is renewed without anybody noticing", async () => {
      await as(async (graph) => {
        await graph.subscribedSkus();
        emulator.clock.advance(2 * 3_600_000);
        await graph.subscribedSkus();
        const outcomes = await graph.removeDirect(proven([{ userId: userId(1), skuIds: [ems()] }]));
        assert.deepEqual([...outcomes.values()], [{ kind: "done" }]);
      });
      assert.equal(emulator.requests.count({ status: 401 }), 1);
      assert.equal(emulator.requests.signIns(), 2);
    });

    it("a wrong secret is refused, with its code", async () => {
      const credentials = { ...emulator.credentials(), AZURE_CLIENT_SECRET: "wrong" };
      const failure = await failureFrom(withAzureEnvironment(credentials, () => connect().subscribedSkus()));
      assert.ok(failure.kind === "signIn" && failure.reason === "refused");
      assert.match(failure.detail, /^AADSTS7000215: /);
    });

    const denied: [what: string, app: string, ask: (graph: LicenseWrites) => Promise<unknown>, permission: string][] = [
      ["SKUs", "nobody", (graph) => graph.subscribedSkus(), "LicenseAssignment.Read.All"],
      ["groups", "nobody", (graph) => graph.group(GROUP), "GroupMember.Read.All"],
      ["members", "nobody", async (graph) => first(graph.memberPages(GROUP)), "GroupMember.Read.All"],
      ["users", "nobody", async (graph) => first(graph.holderPages(ems())), "User.Read.All"],
      [
        "a group's licences",
        "reader",
        (graph) => graph.assignGroupLicenses(GROUP, [], []),
        "LicenseAssignment.ReadWrite.All",
      ],
      ["the audit log", "reader", (graph) => graph.groupEvidence(GROUP, new Date()), "AuditLog.Read.All"],
      ["the audit log of users", "reader", (graph) => graph.licenseChanges(new Date()), "AuditLog.Read.All"],
    ];
    for (const [what, app, ask, permission] of denied) {
      it(`without the permission for ${what} it is named`, async () => {
        const failure = await failureFrom(as(ask, app));
        assert.ok(failure.kind === "forbidden", failure.kind);
        assert.ok(failure.permissions.includes(permission), failure.permissions.join());
      });
    }

    it("without the permission to remove, every outcome names it and nothing changes", async () => {
      const outcomes = await as(
        (graph) => graph.removeDirect(proven([{ userId: userId(1), skuIds: [ems()] }])),
        "reader",
      );
      const [outcome] = [...outcomes.values()];
      assert.ok(outcome?.kind === "failed" && outcome.failure.kind === "forbidden");
      assert.deepEqual(outcome.failure.permissions, ["LicenseAssignment.ReadWrite.All"]);
      assert.equal(emulator.tenant.directAssignmentCount("EMS"), 1_050);
    });

    it("without the permission to read the organisation the token tells the tenant", async () => {
      const { verdict, identity } = await as((graph) => graph.checkTenant(), "nobody");
      assert.deepEqual([verdict, identity.source], ["pass", "token"]);
    });
  });
});

async function first<T>(pages: AsyncIterable<T>): Promise<T | undefined> {
  for await (const page of pages) return page;
  return undefined;
}
