/** Hosts of a cloud, without a version: `https://graph.microsoft.com`. */
export interface CloudEndpoints {
  readonly graph: string;
  readonly authority: string;
}

export type CloudName = "global" | "usgov" | "usgov-dod" | "china";

/** https://learn.microsoft.com/graph/deployments */
const CLOUDS: Record<CloudName, CloudEndpoints> = {
  global: { graph: "https://graph.microsoft.com", authority: "https://login.microsoftonline.com" },
  usgov: { graph: "https://graph.microsoft.us", authority: "https://login.microsoftonline.us" },
  "usgov-dod": { graph: "https://dod-graph.microsoft.us", authority: "https://login.microsoftonline.us" },
  china: { graph: "https://microsoftgraph.chinacloudapi.cn", authority: "https://login.chinacloudapi.cn" },
};

/** The name of a Microsoft cloud; `null` for any other host. */
export function cloudOfGraphHost(host: string): CloudName | null {
  const names = Object.keys(CLOUDS) as CloudName[];
  return names.find((name) => hostOf(CLOUDS[name].graph) === host.toLowerCase()) ?? null;
}

export function endpointsOf(cloud: CloudName | CloudEndpoints): CloudEndpoints {
  const { graph, authority } = typeof cloud === "string" ? CLOUDS[cloud] : cloud;
  return { graph: withoutTrailingSlash(graph), authority: withoutTrailingSlash(authority) };
}

/**
 * True for Microsoft's own sign-in hosts, which can confirm each other; any other host must be trusted as configured.
 */
export function isMicrosoftAuthority(authority: string): boolean {
  return Object.values(CLOUDS).some((cloud) => hostOf(cloud.authority) === hostOf(authority));
}

export function hostOf(url: string): string {
  return new URL(url).host;
}

function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
