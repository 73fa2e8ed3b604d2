import assert from "node:assert/strict";
import type { Emulator, EmulatorOptions } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { assertError, GraphClient } from "./graph-client";
import { oneEmulator } from "./one-emulator";
import { ems, remove } from "./small-tenant";
import { watchedEmulator } from "../contract/watched-emulator";

describe("embedded Graph: trouble on request", () => {
  let emulator: Emulator;
  let client: GraphClient;
  oneEmulator((...started) => ([emulator, client] = started));

  const removeEms = (user: string) => client.post(`/users/${user}@contoso.com/assignLicense`, remove(ems));
  const held = () => emulator.tenant.directAssignmentCount("EMS");

  it("answers with errors, as often as told, and to those requests alone", async () => {
    const rule = emulator.faults.add({
      match: { method: "POST", path: /assignLicense$/ },
      times: 2,
      then: { status: 429, retryAfter: 1.5 },
    });
    assert.equal((await client.get("/users")).status, 200);
    const first = await removeEms("ada");
    assertError(first, 429, "TooManyRequests", "Too many requests.");
    assert.equal(first.headers["retry-after"], "1.5");
    assert.equal((await removeEms("ada")).status, 429);
    assert.deepEqual([rule.hits, held()], [2, 2]);
    assert.equal((await removeEms("ada")).status, 200);
  });

  it("notices a client that does not wait as long as it was told", async () => {
    emulator.faults.add({ times: 1, then: { status: 503, retryAfter: 10 } });
    await client.get("/organization");
    await client.get("/users");
    emulator.clock.advance(9_999);
    await client.get("/organization");
    assert.deepEqual(
      emulator.requests.early().map((entry) => entry.path),
      ["/organization"],
    );
    emulator.reset();
    emulator.faults.add({ times: 1, then: { status: 503, retryAfter: 10 } });
    await client.get("/organization");
    emulator.clock.advance(10_000);
    await client.get("/organization");
    assert.equal(emulator.requests.early().length, 0);
  });

  for (const then of ["lost", { status: 504, afterDoing: true }] as const) {
    it(`holds no client to an answer in a batch that never arrived (${typeof then === "string" ? then : then.status})`, async () => {
      const users = { requests: [{ id: "1", method: "GET", url: "/users" }] };
      emulator.faults.add({ match: { path: /^\/users/ }, times: 1, then: { status: 503, retryAfter: 10 } });
      emulator.faults.add({ match: { path: /batch/ }, times: 1, then });
      const first = client.send("POST", "/$batch", users);
      await (then === "lost" ? assert.rejects(first, { code: "ECONNRESET" }) : first);
      assert.equal(emulator.requests.count({ path: /users/, status: 503 }), 1);
      await client.send("POST", "/$batch", users);
      assert.deepEqual(emulator.requests.early(), []);
    });
  }

  it("breaks the connection before anything is done, or when all is done", async () => {
    emulator.faults.add({ match: { method: "POST" }, times: 1, then: "reset" });
    await assert.rejects(removeEms("ada"), { code: "ECONNRESET" });
    assert.equal(held(), 2);
    emulator.faults.add({ match: { method: "POST" }, times: 1, then: "lost" });
    await assert.rejects(removeEms("ada"), { code: "ECONNRESET" });
    assert.equal(held(), 1);
    emulator.faults.add({ match: { method: "POST" }, times: 1, then: { status: 504, afterDoing: true } });
    assert.equal((await removeEms("ben")).status, 504);
    assert.equal(held(), 0);
    assert.deepEqual(
      emulator.requests.writes().map((entry) => entry.status),
      [0, 0, 504],
    );
  });

  it("strikes single requests in a batch, by the user as well", async () => {
    const item = (id: string, user: string) => ({
      id,
      method: "POST",
      url: `/users/${user}@contoso.com/assignLicense`,
      headers: { "Content-Type": "application/json" },
      body: remove(ems),
    });
    const ben = emulator.tenant.user("ben@contoso.com").id;
    emulator.faults.add({ match: { inBatch: true, userId: ben }, times: 1, then: "lost" });
    emulator.faults.add({ match: { inBatch: true, path: /ada/ }, times: 1, then: { status: 429, retryAfter: 3 } });
    const { responses } = (await client.post("/$batch", { requests: [item("1", "ada"), item("2", "ben")] })).json;
    const by = Object.fromEntries(responses.map((response) => [response.id, response]));
    assert.deepEqual([by["1"]?.status, by["1"]?.headers["Retry-After"], by["2"]?.status], [429, "3", 504]);
    assert.equal(emulator.tenant.directAssignments("EMS").length, 1);
    assert.ok(!emulator.tenant.directAssignments("EMS").some((assignment) => assignment.userId === ben));
  });

  it("lets something else happen in the tenant at that very moment", async () => {
    emulator.faults.add({
      match: { method: "GET", path: /^\/users\/ada/ },
      times: 1,
      then: () => {
        emulator.tenant.removeDirect("ada@contoso.com", "EMS");
      },
    });
    const answer = await client.get("/users/ada@contoso.com?$select=assignedLicenses");
    assert.deepEqual(answer.json.assignedLicenses, []);
  });

  it("draws from a seeded sequence: the same trouble each time", async () => {
    const draw = async () => {
      emulator.reset();
      emulator.faults.seed(7);
      emulator.faults.add({ probability: 0.3, then: { status: 503 } });
      const statuses = [];
      for (let turn = 0; turn < 30; turn++) statuses.push((await client.get("/organization")).status);
      return statuses.join();
    };
    const first = await draw();
    assert.ok(first.includes("503") && first.includes("200"));
    assert.equal(await draw(), first);
  });

  async function withEmulator(
    options: EmulatorOptions,
    use: (emulator: Emulator, client: GraphClient) => Promise<void>,
  ) {
    const other = await watchedEmulator({ clock: "manual", tenant: seedTenant({ users: 60 }), ...options });
    const signedIn = await GraphClient.signIn(other);
    try {
      await use(other, signedIn);
    } finally {
      signedIn.close();
      await other.close();
    }
  }

  it("lets two writes for one user at a time conflict", async () => {
    await withEmulator({ latencyMs: 1_000 }, async (other, signedIn) => {
      const write = () => signedIn.post("/users/megan@contoso.com/assignLicense", remove(ems));
      const statuses = (await Promise.all([write(), write()])).map((answer) => answer.status);
      assert.deepEqual(statuses.sort(), [200, 409]);
      assert.equal(other.tenant.directAssignmentCount("EMS"), 59);
    });
  });

  it("lets lists lag behind writes, but not single users", async () => {
    await withEmulator({ replicationLagMs: 30_000 }, async (other, signedIn) => {
      const states = async (path: string) =>
        (await signedIn.get(`${path}$select=userPrincipalName,assignedLicenses`)).json;
      const megan = other.tenant.user("megan@contoso.com");
      await signedIn.post("/users/megan@contoso.com/assignLicense", remove(ems));
      other.tenant.leaveGroup("megan@contoso.com", "All users");
      const members = `/groups/${other.tenant.group("All users").id}/members/microsoft.graph.user?$top=999&`;
      const listed = async () =>
        (await states(members)).value.find((user) => user.userPrincipalName === megan.userPrincipalName);
      assert.equal((await states("/users/megan@contoso.com?")).assignedLicenses.length, 1);
      assert.equal((await listed())?.assignedLicenses.length, 2);
      other.clock.advance(30_000);
      assert.equal(await listed(), undefined);
      const users = (await states("/users?$top=999&")).value;
      assert.equal(
        users.find((user) => user.userPrincipalName === megan.userPrincipalName)?.assignedLicenses.length,
        1,
      );
    });
  });

  it("keeps the quotas of Graph: writes, units, requests to the audit log", async () => {
    await withEmulator({ throttle: { writes: 2, units: 12, audits: 1 } }, async (other, signedIn) => {
      const write = (user: string) => signedIn.post(`/users/${user}@contoso.com/assignLicense`, remove(ems));
      assert.equal((await write("user0001")).headers["x-ms-throttle-limit-percentage"], undefined);
      assert.equal((await write("megan")).headers["x-ms-throttle-limit-percentage"], "1.00");
      const refused = await write("user0003");
      assert.equal(refused.status, 429);
      assert.deepEqual(
        [refused.headers["retry-after"], refused.headers["x-ms-throttle-information"]],
        ["150", "WriteLimitExceeded"],
      );
      assert.match(String(refused.headers["x-ms-throttle-scope"]), /^Tenant_Application\/Write\//);
      assert.equal((await signedIn.get("/users?$top=1")).headers["x-ms-resource-unit"], "2");
      assert.equal((await signedIn.get("/users?$top=1&$select=id")).headers["x-ms-resource-unit"], "1");
      assert.equal((await signedIn.get("/subscribedSkus")).headers["x-ms-resource-unit"], "3");
      assert.equal((await signedIn.get("/auditLogs/directoryAudits")).status, 200);
      assert.equal((await signedIn.get("/auditLogs/directoryAudits")).status, 429);
      const group = `/groups/${other.tenant.group("All users").id}`;
      assert.equal((await signedIn.get(`${group}/members`)).headers["x-ms-throttle-limit-percentage"], "1.00");
      assert.equal(
        (await signedIn.get("/organization")).headers["x-ms-throttle-information"],
        "ResourceUnitLimitExceeded",
      );
      other.clock.advance(10_000);
      assert.equal((await signedIn.get(`${group}/transitiveMembers`)).headers["x-ms-resource-unit"], "5");
      assert.equal((await write("user0003")).status, 429);
      other.clock.advance(140_000);
      assert.equal((await write("user0003")).status, 200);
    });
  });

  it("runs by the wall clock where it is told to, and does its work at the next request", async () => {
    const processing = { queueMs: 0, usersPerSecond: 1_000_000, joinMs: 0, leaveMs: 0 };
    await withEmulator({ clock: "real", processing }, async (other) => {
      other.tenant.setGroupLicenses("All users", [{ sku: "EMS" }]);
      const deadline = Date.now() + 10_000;
      while (other.tenant.group("All users").processingState !== "ProcessingComplete" && Date.now() < deadline)
        await new Promise(setImmediate);
      assert.equal(other.tenant.group("All users").processingState, "ProcessingComplete");
      assert.equal(other.tenant.user("megan@contoso.com").holdings.assignments.length, 3);
    });
  });
});

describe("embedded Graph: size", () => {
  it("holds 100,000 users, each counted once, and serves them page by page", async () => {
    const emulator = await watchedEmulator({
      tenant: seedTenant({ users: 100_000, finance: 20_000 }),
      clock: "manual",
      processing: { usersPerSecond: 100_000 },
    });
    const client = await GraphClient.signIn(emulator);
    emulator.tenant.setGroupLicenses("All users", [{ sku: "EMS" }]);
    emulator.clock.advance(60_000);
    const group = `/groups/${emulator.tenant.group("All users").id}`;
    const { objects, pages } = await client.all(
      `${group}/members/microsoft.graph.user?$top=999&$select=id,licenseAssignmentStates`,
    );
    assert.deepEqual([objects.length, pages], [100_000, 101]);
    assert.ok(objects.every((user) => user.licenseAssignmentStates.length >= 2));
    assert.equal(emulator.tenant.seatsUsed("EMS"), 100_000);
    client.close();
    await emulator.close();
  }).timeout(120_000);
});
