import { proxyOf, type Proxy } from "./proxy";

export type Fetch = typeof globalThis.fetch;

/** One `fetch` for each proxy, because it holds the kept-alive connections. */
const fetches = new Map<string, Promise<Fetch>>();

/**
 * `fetch` through the environment's proxy, or Node.js's own without one. Node.js 20 and 22 do not know proxies, and
 * their `fetch` fails with an agent of another undici, so both come from one undici, loaded only when needed.
 *
 * @throws {Error} if the proxy's address is not valid
 */
export const proxiedFetch: Fetch = async (input, init) => {
  const proxy = proxyOf();
  const fetch = proxy === null ? globalThis.fetch : await fetchThrough(proxy);
  return fetch(input, init);
};

function fetchThrough(proxy: Proxy): Promise<Fetch> {
  const key = JSON.stringify([proxy.url, proxy.except]);
  const found = fetches.get(key) ?? makeFetch(proxy);
  fetches.set(key, found);
  return found;
}

async function makeFetch({ url, except }: Proxy): Promise<Fetch> {
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  // Plain HTTP never goes through the proxy: here it is only the managed identity of this machine.
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: "", httpsProxy: url, noProxy: except });
  // Both are the standard's `fetch`; only their type names differ.
  return ((input: string | URL, init: object) => fetch(input, { ...init, dispatcher })) as unknown as Fetch;
}
