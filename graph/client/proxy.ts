/** The proxy of the environment. Its credentials are in `url` alone. */
export interface Proxy {
  readonly url: string;
  /** Without a user name and password, for people. */
  readonly shown: string;
  /** The variable that names it. */
  readonly variable: string;
  /** Hosts that are reached directly, as in `NO_PROXY`; empty: none. */
  readonly except: string;
}

/** As in curl, the lower case first. `HTTP_PROXY` last: where it is the only one, `@azure/identity` and undici use it for HTTPS, too. */
const VARIABLES = ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"].flatMap((name) => [name.toLowerCase(), name]);

/** `null`: none is set. Throws for one that is no URL of a proxy over HTTP. */
export function proxyOf(env: NodeJS.ProcessEnv = process.env): Proxy | null {
  const variable = VARIABLES.find((name) => env[name]);
  const written = variable === undefined ? undefined : env[variable];
  if (variable === undefined || written === undefined) return null;
  const text = written.includes("://") ? written : `http://${written}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    // What is written may hold a password, so it is not repeated.
    throw new Error(`${variable} is not the address of an HTTP proxy, such as http://proxy.example.com:8080.`);
  }
  const except = env["no_proxy"] ?? env["NO_PROXY"] ?? "";
  return { url: url.href, shown: `${url.protocol}//${url.host}`, variable, except };
}

/** `the proxy http://proxy.example.com:8080 (HTTPS_PROXY), but for .example.com (NO_PROXY)` */
export function describeProxy({ shown, variable, except }: Proxy): string {
  return `the proxy ${shown} (${variable})${except === "" ? "" : `, but for ${except} (NO_PROXY)`}`;
}
