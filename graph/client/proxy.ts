/** The proxy of the environment. Only `url` contains its credentials. */
export interface Proxy {
  readonly url: string;
  /** Without user name and password, for output. */
  readonly shown: string;
  /** The environment variable that it comes from. */
  readonly variable: string;
  /** Hosts that are reached directly, in the form of `NO_PROXY`; may be empty. */
  readonly except: string;
}

/**
 * As in curl, lower case first. `HTTP_PROXY` comes last: if it is the only one, `@azure/identity` and undici use it for
 * HTTPS too.
 */
const VARIABLES = ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"].flatMap((name) => [name.toLowerCase(), name]);

/**
 * The proxy of the environment; `null` if none is set.
 *
 * @throws {Error} if the address is not that of an HTTP proxy
 */
export function proxyOf(env: NodeJS.ProcessEnv = process.env): Proxy | null {
  const variable = VARIABLES.find((name) => env[name]);
  const written = variable === undefined ? undefined : env[variable];
  if (variable === undefined || written === undefined) return null;
  const text = written.includes("://") ? written : `http://${written}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    // The value may contain a password, so the message does not repeat it.
    throw new Error(`${variable} is not the address of an HTTP proxy, such as http://proxy.example.com:8080.`);
  }
  const except = env["no_proxy"] ?? env["NO_PROXY"] ?? "";
  return { url: url.href, shown: `${url.protocol}//${url.host}`, variable, except };
}

/** `the proxy http://proxy.example.com:8080 (HTTPS_PROXY), but for .example.com (NO_PROXY)` */
export function describeProxy({ shown, variable, except }: Proxy): string {
  return `the proxy ${shown} (${variable})${except === "" ? "" : `, but for ${except} (NO_PROXY)`}`;
}
