import assert from "node:assert/strict";
import { GraphError } from "../../graph/client/failure";
import { Catalog } from "../../licensing/catalog/catalog";
import { decideUser } from "../../licensing/decision/replacement";
import { evidenceOf } from "../../licensing/snapshot";
import { readSnapshot } from "../../tenant/read-snapshot";
import { resolveDeclaration } from "../../tenant/resolve-declaration";
import { rigOf } from "../providers/rig";
import { ems, e3, GROUPS, idOf, NAMES, tenant, upn } from "../providers/tenants";

describe("a snapshot of the tenant", function () {
  this.timeout(120_000);
  const rig = rigOf({ unevenPages: true });

  beforeEach(() => {
    rig.start(
      tenant({
        moreUsers: [
          { userPrincipalName: upn("outsider"), licenses: [{ sku: "EMS" }] },
          { userPrincipalName: upn("nested"), licenses: [{ sku: "EMS" }] },
          { userPrincipalName: upn("deeper") },
          { userPrincipalName: upn("stranger"), licenses: [{ sku: "MCOEV" }] },
          { userPrincipalName: upn("hidden"), hidden: [{ sku: "EMS" }] },
        ],
        moreGroups: [
          { displayName: "Contractors", members: [upn("nested"), upn("ada"), "Subcontractors"] },
          { displayName: "Subcontractors", members: [upn("deeper")] },
        ],
        nested: ["Contractors"],
      }),
    );
  });

  const groupId = (name: string) => rig.emulator.tenant.group(name).id;

  async function read() {
    const graph = rig.graph();
    const catalog = new Catalog(await graph.subscribedSkus());
    return readSnapshot(graph, await resolveDeclaration(graph, GROUPS, catalog), catalog);
  }

  it("has the declared groups with their first-level users, each once", async () => {
    const { snapshot, warnings } = await read();
    assert.deepEqual(warnings, []);
    assert.deepEqual([...snapshot.groups.keys()], [groupId("All users"), groupId("Finance department")]);
    assert.deepEqual(snapshot.groups.get(groupId("All users"))?.licenses, [{ skuId: ems, disabledPlans: [] }]);
    assert.equal(snapshot.groups.get(groupId("All users"))?.processingState, "ProcessingComplete");
    assert.deepEqual([...(snapshot.members.get(groupId("All users")) ?? [])].sort(), NAMES.map(idOf).sort());
    assert.deepEqual(
      [...(snapshot.members.get(groupId("Finance department")) ?? [])].sort(),
      [idOf("ada"), idOf("ben")].sort(),
    );
  });

  it("has members with their licences by source", async () => {
    const { snapshot } = await read();
    const ada = snapshot.users.get(idOf("ada"));
    assert.deepEqual(
      new Set(ada?.assignments.map(({ skuId, assignedByGroup }) => `${skuId} ${assignedByGroup ?? "direct"}`)),
      new Set([
        `${ems} direct`,
        `${e3} direct`,
        `${ems} ${groupId("All users")}`,
        `${e3} ${groupId("Finance department")}`,
      ]),
    );
  });

  it("has all other holders of a declared SKU, from any source, and no other user", async () => {
    const { snapshot } = await read();
    const others = [...snapshot.users.keys()].filter((id) => !NAMES.map(idOf).includes(id));
    assert.deepEqual(others.sort(), ["outsider", "nested", "hidden"].map(idOf).sort());
  });

  it("has the groups inside, with their users at any depth", async () => {
    const { snapshot } = await read();
    const [contractors, ...more] = snapshot.nested.get(groupId("All users")) ?? [];
    assert.deepEqual(more, []);
    assert.deepEqual([contractors?.id, contractors?.displayName], [groupId("Contractors"), "Contractors"]);
    assert.deepEqual([...(contractors?.userIds ?? [])].sort(), ["nested", "ada", "deeper"].map(idOf).sort());
    assert.deepEqual(snapshot.nested.get(groupId("Finance department")), []);
  });

  it("counts a user that is both nested and a member as a member", async () => {
    const { snapshot } = await read();
    const verdicts = new Map(
      [...evidenceOf(snapshot)].map((evidence) => {
        const decision = decideUser(evidence, snapshot).find(({ skuId }) => skuId === ems);
        return [evidence.user.id, decision?.verdict === "blocked" ? decision.reason.kind : decision?.verdict];
      }),
    );
    assert.equal(verdicts.get(idOf("ada")), "remove");
    assert.equal(verdicts.get(idOf("nested")), "nested-only");
    assert.equal(verdicts.get(idOf("outsider")), "not-a-member");
    assert.equal(verdicts.get(idOf("hidden")), "source-unknown");
  });

  it("where holders cannot be listed says so, and does without", async () => {
    rig.emulator.faults.add({
      match: { path: /assignedLicenses\/any/ },
      then: { status: 400, code: "Request_UnsupportedQuery", message: "Not here." },
    });
    const { snapshot, warnings } = await read();
    assert.equal(warnings.length, 2, "one for each SKU");
    assert.match(warnings[0] ?? "", /^This tenant does not list the holders of EMS \(Not here\.\): users outside/);
    assert.equal(snapshot.users.size, NAMES.length);
  });

  it("any other failure is one: half a snapshot would plan for half a tenant", async () => {
    rig.emulator.faults.add({ match: { path: /assignedLicenses\/any/ }, then: { status: 403 } });
    await assert.rejects(read(), (error) => error instanceof GraphError && error.failure.kind === "forbidden");
  });

  it("a group that cannot be read is a failure, although the rest was read", async () => {
    const graph = rig.graph();
    const catalog = new Catalog(await graph.subscribedSkus());
    const declared = await resolveDeclaration(graph, GROUPS, catalog);
    rig.emulator.faults.add({ match: { path: /^\/groups\/[^/]+\?/, inBatch: true }, times: 1, then: { status: 403 } });
    await assert.rejects(
      readSnapshot(graph, declared, catalog),
      (error) => error instanceof GraphError && error.failure.kind === "forbidden",
    );
  });

  it("a group that is deleted after it was found is a failure with its id", async () => {
    const graph = rig.graph();
    const catalog = new Catalog(await graph.subscribedSkus());
    const declared = await resolveDeclaration(graph, GROUPS, catalog);
    rig.emulator.tenant.setGroupLicenses("Finance department", []);
    const id = groupId("Finance department");
    rig.emulator.tenant.removeGroup("Finance department");
    await assert.rejects(readSnapshot(graph, declared, catalog), (error) => {
      assert.ok(error instanceof GraphError);
      assert.deepEqual(error.failure, { kind: "notFound", id });
      return true;
    });
  });
});
