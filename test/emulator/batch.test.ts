import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { assertError, type GraphClient } from "./graph-client";
import { oneEmulator } from "./one-emulator";
import { add, e3, ems, remove } from "./small-tenant";

describe("embedded Graph: $batch", () => {
  let emulator: Emulator;
  let client: GraphClient;
  oneEmulator((...started) => ([emulator, client] = started));

  const json = { "Content-Type": "application/json" };
  const read = (id: string, url: string) => ({ id, method: "GET", url });
  const write = (id: string, user: string, body: unknown, more: object = {}) => ({
    id,
    method: "POST",
    url: `/users/${user}@contoso.com/assignLicense`,
    headers: json,
    body,
    ...more,
  });
  const batch = (...requests: object[]) => client.post("/$batch", { requests });
  const statuses = async (...requests: object[]) => {
    const { responses } = (await batch(...requests)).json;
    return Object.fromEntries(responses.map(({ id, status }) => [id, status]));
  };

  it("gives each request its own outcome, independent of the others", async () => {
    const answer = await batch(
      read("a", "/users/ada@contoso.com?$select=displayName"),
      read("b", "users/nobody@contoso.com"),
      read("c", "/v1.0/groups?$top=1"),
      write("d", "ben", remove(e3)),
      write("e", "ada", remove(e3)),
    );
    assert.equal(answer.status, 200);
    const by = new Map(answer.json.responses.map((response) => [response.id, response]));
    const of = (id: string) => by.get(id) ?? assert.fail(`no answer to ${id}`);
    assert.deepEqual(
      ["a", "b", "c", "d", "e"].map((id) => of(id).status),
      [200, 404, 200, 200, 400],
    );
    assert.equal(of("a").body.displayName, "ada");
    assert.equal(of("a").headers["Content-Type"], "application/json");
    assert.equal(of("e").body.error.message, "User does not have a corresponding license.");
  });

  it("answers in another order than it was asked, and always the same one", async () => {
    const requests = Array.from({ length: 20 }, (_, index) => read(String(index + 1), "/organization"));
    const order = async () => (await batch(...requests)).json.responses.map((response) => response.id);
    const first = await order();
    assert.notDeepEqual(
      first,
      requests.map((request) => request.id),
    );
    assert.deepEqual(await order(), first);
  });

  it("refuses a batch that is not one", async () => {
    const many = Array.from({ length: 21 }, (_, index) => read(String(index), "/organization"));
    assertError(await batch(...many), 400, "MaximumValueExceeded", /20/);
    assertError(await batch(read("1", "/users"), read("1", "/groups")), 400, "BadRequest", /unique/);
    assertError(await batch(read("1", "https://graph.microsoft.com/v1.0/users")), 400, "BadRequest", /relative/);
    assertError(
      await batch({ ...write("1", "ada", remove(ems)), headers: {} }),
      400,
      "BadRequest",
      "Write request id : 1 does not contain Content-Type header or body.",
    );
    assertError(await client.post("/$batch", {}), 400, "BadRequest", /batch/);
    assertError(
      await batch({ ...read("1", "/users"), atomicityGroup: "g" }),
      400,
      "EmbeddedGraph_NotSupported",
      /'atomicityGroup'/,
    );
    assert.equal(emulator.tenant.directAssignmentCount("EMS"), 2);
  });

  it("waits for what a request depends on, and does not run it when that failed", async () => {
    assert.deepEqual(
      await statuses(
        write("2", "ben", add(ems), { dependsOn: ["1"] }),
        write("1", "ben", remove(ems)),
        write("3", "ada", remove(e3)),
        write("4", "ada", remove(ems), { dependsOn: ["3"] }),
      ),
      { 1: 200, 2: 200, 3: 400, 4: 424 },
    );
    assert.equal(emulator.tenant.directAssignmentCount("EMS"), 2);
  });

  it("lets the second of two writes for one user fail", async () => {
    const outcome = await statuses(write("1", "ben", remove(ems)), write("2", "ben", remove(e3)));
    assert.deepEqual(outcome, { 1: 200, 2: 409 });
    assert.equal((await client.post("/users/ben@contoso.com/assignLicense", remove(e3))).status, 200);
  });

  it("counts as one HTTP request, and as each of its own in the log", async () => {
    await batch(read("1", "/users"), write("2", "ada", remove(ems)), write("3", "ben", remove(ems)));
    assert.equal(emulator.requests.http(), 1);
    assert.equal(emulator.requests.count({ inBatch: true }), 3);
    assert.deepEqual(
      emulator.requests.writes().map((entry) => [entry.method, entry.path, entry.status, entry.app]),
      ["ada", "ben"].map((user) => [
        "POST",
        `/users/${user}@contoso.com/assignLicense`,
        200,
        emulator.credentials().AZURE_CLIENT_ID,
      ]),
    );
  });

  it("knows no batch in a batch", async () => {
    const { responses } = (
      await batch({ id: "1", method: "POST", url: "/$batch", headers: json, body: { requests: [] } })
    ).json;
    assert.match(String(responses[0]?.body.error.message), /^embedded Graph: not supported: POST \/v1\.0\/\$batch/);
  });
});
