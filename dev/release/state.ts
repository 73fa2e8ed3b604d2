// npm run dev:state: a tenant in the middle of a migration by this version, kept as test/fixtures/states/VERSION. Later versions have to
// preview it, finish it and roll it back (test/journeys/released-states.slow.test.ts).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { LocalStack } from "../../cli/engine/local-stack";
import { createEmulator, seedTenant, type Emulator, type TenantSpec } from "../../emulator";
import { ANYWHERE, stackFileAt } from "./kept-state";

const root = join(__dirname, "..", "..");

/** The canary has moved; the record, the gate and the waves to come are in the state. */
const CONFIG = {
  "licensing:tenant": "contoso.com",
  "licensing:groups": {
    "all-users": { existing: "All users", licenses: ["EMS"] },
    finance: { existing: "Finance department", licenses: ["ENTERPRISEPACK"] },
  },
  "licensing:waves": [
    { name: "canary", count: 4 },
    { name: "everyone", percent: 100 },
  ],
  "licensing:applyThrough": "canary",
};

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string };
  const spec: TenantSpec = { ...seedTenant({ users: 12 }), verifiedDomains: ["contoso.com"] };
  const emulator = await createEmulator({ tenant: spec, processing: { joinMs: 10, queueMs: 10 } });
  const environment = { ...emulator.credentials(), NODE_EXTRA_CA_CERTS: emulator.caFile };
  const stack = await LocalStack.create("contoso", stackFileAt(CONFIG, emulator.url), environment);
  try {
    const run = await stack.run(["up", "--yes", "--skip-preview"]);
    if (run.code !== 0) throw new Error(run.stdout + run.stderr);
    const { stdout } = await stack.run(["stack", "export", "--stack", "contoso"]);
    const folder = join(root, "test", "fixtures", "states", version);
    mkdirSync(folder, { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write("state.json", `${JSON.stringify(JSON.parse(stdout.replaceAll(emulator.url, ANYWHERE)), null, 1)}\n`);
    write("tenant.json", `${JSON.stringify(tenantNow(spec, emulator), null, 1)}\n`);
    write("Pulumi.contoso.yaml", stringify({ config: CONFIG }));
    process.stdout.write(`${folder}\n`);
  } finally {
    stack.remove();
    await emulator.close();
  }
}

/** The tenant as the run left it: what was removed is no longer in it, and the groups give what they were given. */
function tenantNow(spec: TenantSpec, { tenant }: Emulator): TenantSpec {
  const skus = (spec.skus ?? []).map(({ skuPartNumber }) => skuPartNumber);
  const direct = new Map(
    skus.map((sku) => [sku, new Set(tenant.directAssignments(sku).map(({ userId }) => userId))] as const),
  );
  const users = (spec.users ?? []).map((user) => {
    const { id } = tenant.user(user.userPrincipalName);
    return { ...user, id, licenses: (user.licenses ?? []).filter(({ sku }) => direct.get(sku)?.has(id) === true) };
  });
  const groups = (spec.groups ?? []).map((group) => {
    const { id, licenses } = tenant.group(group.displayName);
    const given = licenses.map(({ skuId, disabledPlans }) => ({ sku: skuId, disabledPlans: [...disabledPlans] }));
    return { ...group, id, licenses: given };
  });
  return { ...spec, users, groups };
}

void main();
