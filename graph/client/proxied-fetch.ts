import { proxyOf, type Proxy } from "./proxy";

export type Fetch = typeof globalThis.fetch;

/** One for each proxy in a process, because connections are kept alive in it. */
const fetches = new Map<string, Promise<Fetch>>();

/**
 * Requests as the environment wants them: through its proxy, or as Node.js sends them where none is set. Node.js 20 and 22 know no
 * proxies, and an agent of another undici fails inside their `fetch`, so both are of one package, loaded only where it is needed.
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
  // Plain HTTP is never sent through it: what speaks that here is the managed identity of this very machine.
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: "", httpsProxy: url, noProxy: except });
  // Both are the standard's `fetch`; only the names of their types differ.
  return ((input: string | URL, init: object) => fetch(input, { ...init, dispatcher })) as unknown as Fetch;
}
