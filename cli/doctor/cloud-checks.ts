import { cloudOfGraphHost, endpointsOf, hostOf } from "../../graph/signin/clouds";
import type { Diagnostics, GraphConnection } from "../../graph/tenant-graph";
import { note, pass, warn, type Check } from "./check";

/** Checks that the tenant exists in the configured cloud. Tokens of one cloud are not valid in another. */
export async function cloudChecks(
  { cloud }: GraphConnection,
  graph: Diagnostics,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly Check[]> {
  const endpoints = endpointsOf(cloud);
  const where = `${endpoints.graph}, sign-in at ${endpoints.authority}`;
  const words = typeof cloud === "string" ? `cloud: ${cloud} (${where})` : `cloud: ${where}`;
  return [
    elsewhere(words, hostOf(endpoints.graph), await graph.graphHostOfTenant()) ?? pass(words),
    ...authorityHost(endpoints.authority, env["AZURE_AUTHORITY_HOST"] ?? ""),
  ];
}

function elsewhere(words: string, ours: string, ofTenant: string | null): Check | null {
  if (ofTenant === null || ofTenant.toLowerCase() === ours) return null;
  const name = cloudOfGraphHost(ofTenant);
  return warn(
    `${words}; but the authority says that Graph has this tenant at ${ofTenant}`,
    name === null
      ? "Write the hosts of the tenant's cloud into licensing:cloud, or name another tenant."
      : `Write licensing:cloud: ${name}, or name another tenant.`,
  );
}

/** Notes an AZURE_AUTHORITY_HOST that is ignored: `@azure/identity` would use it by default, but the stack file names the cloud. */
function authorityHost(authority: string, written: string): readonly Check[] {
  const host = written.replace(/^https:\/\//, "").replace(/\/+$/, "");
  return host === "" || host === hostOf(authority)
    ? []
    : [note(`cloud: AZURE_AUTHORITY_HOST says ${host} and is not used: licensing:cloud says where to sign in`)];
}
