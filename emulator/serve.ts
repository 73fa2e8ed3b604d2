import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { createEmulator, type TenantSpec } from ".";
import { seedTenant } from "./tenants/seed";

interface Options {
  readonly tenant: string;
  readonly users: number;
  readonly port: number;
  readonly ca?: string;
  readonly latency: number;
  readonly throttle?: boolean;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("a whole number is needed.");
  return value;
}

const options = new Command("npm run emulator --")
  .description("Serves Entra sign-in and Microsoft Graph for licensing on this machine, with a tenant of its own.")
  .option("--tenant <name>", '"seed", or a JSON file with a tenant (see emulator/README.md)', "seed")
  .option("--users <n>", "how many users the seed's tenant has", wholeNumber, 1_000)
  .option("--port <n>", "0 takes a free one", wholeNumber, 0)
  .option("--ca <file>", "where to write the certificate to trust")
  .option("--latency <ms>", "how long every answer of Graph takes", wholeNumber, 0)
  .option("--throttle", "with Graph's documented quotas")
  .parse()
  .opts<Options>();

async function main(): Promise<void> {
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
    `  npm run doctor -- --tenant ${variables.AZURE_TENANT_ID} --cloud "$CLOUD"`,
    "",
    "In a stack file, where discover has not written it:",
    `  licensing:tenant: ${variables.AZURE_TENANT_ID}`,
    `  licensing:cloud: ${cloud}`,
    "",
    "Ctrl-C stops it.",
  ];
  console.log(lines.join("\n"));

  const stop = () => {
    void emulator.close().then(() => {
      console.log("\nStopped.");
    });
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
