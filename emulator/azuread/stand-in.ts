// Replaces the azuread plugin where it cannot be installed: creates, updates and deletes groups in the embedded Graph for the
// engine. Prints its port and serves until it is killed.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { main, type Provider } from "@pulumi/pulumi/provider";

const graph = process.env["STAND_IN_GRAPH"] ?? "";

interface GroupInputs {
  readonly displayName: string;
  readonly preventDuplicateNames?: boolean;
  readonly description?: string;
  readonly owners?: readonly string[];
  readonly types?: readonly string[];
  readonly dynamicMembership?: { readonly enabled: boolean; readonly rule: string };
}

const provider: Provider = {
  version: "6.9.1",
  check: (_urn, _olds, news) => Promise.resolve({ inputs: unwrapped(news) as GroupInputs }),
  diff: (_id, _urn, olds, news) => {
    const [before, after] = [unwrapped(olds) as GroupInputs, unwrapped(news) as GroupInputs];
    const differs = (key: keyof GroupInputs) =>
      JSON.stringify(before[key] ?? null) !== JSON.stringify(after[key] ?? null);
    const owners = after.owners !== undefined && differs("owners");
    return Promise.resolve({
      changes: owners || (["displayName", "description", "types", "dynamicMembership"] as const).some(differs),
      // Like the real plugin: another group type needs a new group.
      replaces: differs("types") ? ["types"] : [],
    });
  },
  create: async (_urn, inputs) => {
    const group = unwrapped(inputs) as GroupInputs;
    await refuseTaken(group, null);
    // Like the real plugin: creates the group under a temporary name, then retries the rename until Graph finds it.
    const named = { ...bodyOf(group), displayName: `TERRAFORM_UPDATE_${randomUUID()}` };
    const { id } = await ask("POST", "/groups", { ...named, ...ownersOf(group) });
    await onceThere(() => ask("PATCH", `/groups/${id}`, { displayName: group.displayName }));
    return { id: `/groups/${id}`, outs: outsOf(group, id) };
  },
  read: async (id, _urn, props) => {
    const found = await ask("GET", id).catch(() => null);
    if (found === null) return {};
    const outs = { ...(unwrapped(props) as GroupInputs), ...outsOf(fromWire(found), found.id) };
    return { id, props: outs, inputs: outs };
  },
  update: async (id, _urn, olds, news) => {
    const group = unwrapped(news) as GroupInputs;
    await refuseTaken(group, id.replace("/groups/", ""));
    const { displayName, description, membershipRule, membershipRuleProcessingState } = bodyOf(group);
    await ask("PATCH", id, { displayName, description, membershipRule, membershipRuleProcessingState });
    return { outs: { ...(unwrapped(olds) as GroupInputs), ...outsOf(group, id.replace("/groups/", "")) } };
  },
  delete: async (id) => {
    await ask("DELETE", id);
  },
};

interface WireGroup {
  readonly id: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly membershipRule: string | null;
}

function bodyOf({ displayName, description, types, dynamicMembership }: GroupInputs) {
  return {
    displayName,
    description: description ?? null,
    mailEnabled: false,
    mailNickname: displayName.replace(/[^\w.-]/g, ""),
    securityEnabled: true,
    groupTypes: types ?? [],
    membershipRule: dynamicMembership?.rule,
    membershipRuleProcessingState: dynamicMembership === undefined ? undefined : "On",
  };
}

function ownersOf({ owners }: GroupInputs) {
  const ids = owners ?? [process.env["AZURE_CLIENT_ID"] ?? ""];
  return { "owners@odata.bind": ids.map((id) => `${graph}/v1.0/directoryObjects/${id}`) };
}

function outsOf(group: GroupInputs, objectId: string) {
  return { ...group, objectId };
}

function fromWire({ displayName, description, membershipRule }: WireGroup): GroupInputs {
  return {
    displayName,
    ...(description === null ? {} : { description }),
    ...(membershipRule === null ? {} : { dynamicMembership: { enabled: true, rule: membershipRule } }),
  };
}

async function refuseTaken({ displayName, preventDuplicateNames }: GroupInputs, id: string | null): Promise<void> {
  if (preventDuplicateNames !== true) return;
  const filter = encodeURIComponent(`displayName eq '${displayName.replaceAll("'", "''")}'`);
  const { value } = (await ask("GET", `/groups?$filter=${filter}`)) as unknown as { readonly value: WireGroup[] };
  const other = value.find((each) => each.id !== id);
  if (other !== undefined) throw new Error(`A group named "${displayName}" is there already: ${other.id}`);
}

/** Retries while Graph does not find a new group yet. */
async function onceThere(doing: () => Promise<unknown>): Promise<void> {
  const untilMs = Date.now() + 120_000;
  for (;;) {
    try {
      await doing();
      return;
    } catch (error) {
      if (!String(error).includes(": 404") || Date.now() > untilMs) throw error;
      await sleep(500);
    }
  }
}

async function ask(method: string, path: string, body?: object): Promise<WireGroup> {
  const response = await fetch(`${graph}/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? {} : JSON.parse(text)) as WireGroup;
}

async function token(): Promise<string> {
  const { AZURE_TENANT_ID = "", AZURE_CLIENT_ID = "", AZURE_CLIENT_SECRET = "" } = process.env;
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: AZURE_CLIENT_ID,
    client_secret: AZURE_CLIENT_SECRET,
    scope: "https://graph.microsoft.com/.default",
  });
  const response = await fetch(`${graph}/${AZURE_TENANT_ID}/oauth2/v2.0/token`, { method: "POST", body: form });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Strips the engine's wrappers around secrets and outputs. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value && "value" in value) return unwrapped(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unwrapped(each)]));
}

void main(provider, process.argv.slice(2));
