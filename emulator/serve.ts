import { readFileSync } from "node:fs";
import { createEmulator, type TenantSpec } from ".";
import { seedTenant } from "./tenants/seed";

export interface ServeOptions {
  readonly tenant: string;
  readonly users: number;
  readonly port: number;
  readonly ca?: string;
  readonly latency: number;
  readonly throttle: boolean;
  readonly json: boolean;
}

/** Serves a tenant until Ctrl-C, and prints how to reach it. */
export async function serve(options: ServeOptions): Promise<void> {
  const tenant =
    options.tenant === "seed"
      ? seedTenant({ users: options.users })
      : (JSON.parse(readFileSync(options.tenant, "utf8")) as TenantSpec);
  const emulator = await createEmulator({
    tenant,
    port: options.port,
    latencyMs: options.latency,
    ...(options.ca === undefined ? {} : { caFile: options.ca }),
    ...(options.throttle ? { throttle: {} } : {}),
  });
  const variables = { ...emulator.credentials(), NODE_EXTRA_CA_CERTS: emulator.caFile };
  const cloud = JSON.stringify({ graph: emulator.url, authority: emulator.url });
  const lines = [
    `Graph and sign-in   ${emulator.url}`,
    `Certificate         ${emulator.caFile}`,
    `Tenant              ${variables.AZURE_TENANT_ID} (${emulator.tenant.users().length} users)`,
    `Client id           ${variables.AZURE_CLIENT_ID}`,
    `Client secret       ${variables.AZURE_CLIENT_SECRET}`,
    "",
    "In another terminal:",
    ...Object.entries(variables).map(([name, value]) => `  export ${name}=${value}`),
    `  export CLOUD='${cloud}'`,
    `  npx entra-licensing doctor --tenant ${variables.AZURE_TENANT_ID} --cloud "$CLOUD"`,
    "",
    "In a stack file, where discover has not written it:",
    `  licensing:tenant: ${variables.AZURE_TENANT_ID}`,
    `  licensing:cloud: ${cloud}`,
    "",
    "Ctrl-C stops it.",
  ];
  console.log(options.json ? JSON.stringify({ url: emulator.url, environment: variables }) : lines.join("\n"));

  const stop = () => {
    void emulator.close().then(() => {
      if (!options.json) console.log("\nStopped.");
    });
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}
