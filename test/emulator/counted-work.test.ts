import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { createEmulator, type Emulator } from "../../emulator";
import { EMS } from "../../emulator/tenants/products";
import { seedTenant } from "../../emulator/tenants/seed";
import { elementsLookedAt } from "./elements-looked-at";

const small = 500;
const large = 5_000;

/** What other parts of Node look at varies by a few. */
const slack = 60;

interface Served {
  readonly emulator: Emulator;
  readonly ids: readonly string[];
  readonly ask: (method: "GET" | "POST", path: string, body?: unknown) => Promise<unknown>;
}

describe("The embedded Graph of a large tenant", () => {
  const served: Served[] = [];
  before(async () => {
    for (const users of [small, large]) served.push(await serve(users));
  });
  after(async () => {
    for (const { emulator } of served) await emulator.close();
  });

  /** Elements that the same work looks at in the small tenant and in the one ten times as large. */
  async function inBoth(work: (tenant: Served) => Promise<unknown>): Promise<readonly [number, number]> {
    const [few, many] = served;
    assert.ok(few && many);
    return [await elementsLookedAt(() => work(few)), await elementsLookedAt(() => work(many))];
  }

  async function assertTheSame(work: (tenant: Served) => Promise<unknown>): Promise<void> {
    const [few, many] = await inBoth(work);
    assert.ok(many <= few + slack, `${many} elements with ${large} users, ${few} with ${small}`);
  }

  const everything = "id,displayName,userPrincipalName,accountEnabled,usageLocation,licenseAssignmentStates";
  const user = ({ ids }: Served, index = 7) => `/users/${ids[index] ?? ""}`;
  const batch = (tenant: Served, of: (path: string) => object) =>
    tenant.ask("POST", "/$batch", {
      requests: Array.from({ length: 20 }, (_, index) => ({ id: String(index), ...of(user(tenant, index)) })),
    });
  const removal = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: { addLicenses: [], removeLicenses: [EMS.skuId] },
  };

  it("counts what a sweep looks at", async () => {
    const [few, many] = await inBoth(({ emulator }) => Promise.resolve(emulator.tenant.directAssignments("EMS")));
    assert.ok(many > 5 * few, `${many} elements with ${large} users, ${few} with ${small}: nothing is counted`);
  });

  it("looks at one user for one user", () => assertTheSame((tenant) => tenant.ask("GET", user(tenant))));

  it("looks at one user's groups for them", () =>
    assertTheSame((tenant) => tenant.ask("GET", `${user(tenant)}/memberOf`)));

  it("looks at twenty users for a batch of them", () =>
    assertTheSame((tenant) => batch(tenant, (path) => ({ method: "GET", url: `${path}?$select=${everything}` }))));

  it("looks at twenty users for a batch of removals, the history and its losses included", () =>
    assertTheSame(async (tenant) => {
      await batch(tenant, (path) => ({ ...removal, url: `${path}/assignLicense` }));
      tenant.emulator.history.servicesLost({ except: "people" });
    }));

  it("looks at a page of a list that it has gathered before, whichever page", async () => {
    const lists = [
      "/users?$top=100",
      `/users?$top=100&$filter=assignedLicenses/any(s:s/skuId eq ${EMS.skuId})`,
      "/groups/GROUP/members/microsoft.graph.user?$top=100",
    ];
    for (const list of lists) {
      const path = ({ emulator }: Served) => list.replace("GROUP", emulator.tenant.groupByName("All users").id);
      for (const tenant of served) await tenant.ask("GET", path(tenant));
      await assertTheSame(async (tenant) => {
        const page = (await tenant.ask("GET", path(tenant))) as { "@odata.nextLink": string };
        await tenant.ask("GET", page["@odata.nextLink"]);
      });
    }
  });

  it("counts the members of a gathered group without looking at a user", async () => {
    const count = ({ ask, emulator }: Served) =>
      ask("GET", `/groups/${emulator.tenant.groupByName("All users").id}/members/$count`);
    for (const tenant of served) assert.ok(Number(await count(tenant)) > 0);
    await assertTheSame(count);
  });

  it("works through joined members in less than a step for each of them", async () => {
    const [few, many] = await inBoth(({ emulator, ids }) => {
      const { id } = emulator.tenant.addGroup({ displayName: "Joining", licenses: [{ sku: "EMS" }] });
      for (const userId of ids) emulator.tenant.joinGroup(userId, id);
      emulator.clock.advance(3_600_000);
      return Promise.resolve();
    });
    assert.ok(many < 15 * few, `${many} elements with ${large} users, ${few} with ${small}`);
  });

  it("looks at the rows of one user to find them in the audit log", () =>
    assertTheSame(({ ask, ids }) =>
      ask("GET", `/auditLogs/directoryAudits?$filter=targetResources/any(t:t/id eq '${ids[3] ?? ""}')`),
    ));
});

async function serve(users: number): Promise<Served> {
  const emulator = await createEmulator({ tenant: seedTenant({ users, finance: users / 5 }), clock: "manual" });
  const ids = emulator.tenant.users().map(({ id }) => id);
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = emulator.credentials();
  const form = {
    grant_type: "client_credentials",
    scope: `${emulator.url}/.default`,
    client_id: AZURE_CLIENT_ID,
    client_secret: AZURE_CLIENT_SECRET,
  };
  const signIn = `${emulator.url}/${AZURE_TENANT_ID}/oauth2/v2.0/token`;
  const signedIn = await emulator.fetch(signIn, { method: "POST", body: new URLSearchParams(form).toString() });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    consistencylevel: "eventual",
  };
  return {
    emulator,
    ids,
    ask: async (method, path, body) => {
      const url = path.startsWith("https:") ? path : `${emulator.url}/v1.0${path}`;
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await emulator.fetch(url, { method, headers, ...text });
      const answer: unknown = await response.json();
      assert.equal(response.status, 200, JSON.stringify(answer));
      return answer;
    },
  };
}
