import { EMS } from "../../../emulator/tenants/products";
import { seedTenant } from "../../../emulator/tenants/seed";
import { atMostTimes, theSame, type CountedWork } from "./counted";
import { elementsLookedAt } from "./elements-looked-at";
import { openInProcess, type InProcess } from "./in-process";

const SMALL = 500;
const LARGE = 5_000;

type Served = InProcess & { readonly ids: readonly string[] };

const EVERYTHING = "id,displayName,userPrincipalName,accountEnabled,usageLocation,licenseAssignmentStates";

const user = ({ ids }: Served, index = 7) => `/users/${ids[index] ?? ""}`;
const groupAt = ({ emulator }: Served) => `/groups/${emulator.tenant.groupByName("All users").id}`;

const batch = (tenant: Served, of: (path: string) => object) =>
  tenant.ask("POST", "/$batch", {
    requests: Array.from({ length: 20 }, (_, index) => ({ id: String(index), ...of(user(tenant, index)) })),
  });

const removal = {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: { addLicenses: [], removeLicenses: [EMS.skuId] },
};

/** A page of a list that has been gathered before, and the page behind it. */
const nextPage = (list: (tenant: Served) => string) => async (tenant: Served) => {
  const page = (await tenant.ask("GET", list(tenant))) as { "@odata.nextLink": string };
  await tenant.ask("GET", page["@odata.nextLink"]);
};

const LISTS: readonly ((tenant: Served) => string)[] = [
  () => "/users?$top=100",
  () => `/users?$top=100&$filter=assignedLicenses/any(s:s/skuId eq ${EMS.skuId})`,
  (tenant) => `${groupAt(tenant)}/members/microsoft.graph.user?$top=100`,
  (tenant) => `${groupAt(tenant)}/members/$count`,
];

/** Work for one request, which must not grow with the tenant. */
const REQUESTS: Readonly<Record<string, (tenant: Served) => Promise<unknown>>> = {
  "one user": (tenant) => tenant.ask("GET", user(tenant)),
  "a user's groups": (tenant) => tenant.ask("GET", `${user(tenant)}/memberOf`),
  "a batch of 20 users": (tenant) => batch(tenant, (path) => ({ method: "GET", url: `${path}?$select=${EVERYTHING}` })),
  "a later page of users": nextPage(() => "/users?$top=100"),
  "a later page of holders": nextPage(LISTS[1] ?? user),
  "a later page of members": nextPage(LISTS[2] ?? user),
  "the number of members": (tenant) => tenant.ask("GET", `${groupAt(tenant)}/members/$count`),
  "a user in the audit log": ({ ask, ids }) =>
    ask("GET", `/auditLogs/directoryAudits?$filter=targetResources/any(t:t/id eq '${ids[3] ?? ""}')`),
  // Last: it changes the lists that the others have gathered.
  "a batch of 20 removals, and the history's losses": async (tenant) => {
    await batch(tenant, (path) => ({ ...removal, url: `${path}/assignLicense` }));
    tenant.emulator.history.servicesLost({ except: "people" });
  },
};

/** What the embedded Graph looks at. */
export async function graphWork(): Promise<readonly CountedWork[]> {
  const few = await serve(SMALL);
  const many = await serve(LARGE);
  try {
    const counted = async (work: string, of: (tenant: Served) => unknown) => ({
      work: `embedded Graph: ${work}`,
      sizes: `${SMALL} → ${LARGE.toLocaleString("en-US")} users`,
      small: await elementsLookedAt(() => of(few)),
      large: await elementsLookedAt(() => of(many)),
    });
    const rows = [
      atMostTimes(
        11,
        await counted("a sweep of all users", ({ emulator }) => emulator.tenant.directAssignments("EMS")),
        5,
      ),
    ];
    for (const tenant of [few, many]) for (const list of LISTS) await tenant.ask("GET", list(tenant));
    for (const [work, of] of Object.entries(REQUESTS)) rows.push(theSame(await counted(work, of)));
    return [...rows, atMostTimes(15, await counted("all users join a group", joinAll))];
  } finally {
    for (const { emulator } of [few, many]) await emulator.close();
  }
}

function joinAll({ emulator, ids }: Served): void {
  const { id } = emulator.tenant.addGroup({ displayName: "Joining", licenses: [{ sku: "EMS" }] });
  for (const userId of ids) emulator.tenant.joinGroup(userId, id);
  emulator.clock.advance(3_600_000);
}

async function serve(users: number): Promise<Served> {
  const opened = await openInProcess(seedTenant({ users, finance: users / 5 }));
  return { ...opened, ids: opened.emulator.tenant.users().map(({ id }) => id) };
}
