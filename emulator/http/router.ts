import FindMyWay from "find-my-way";
import { notSupported } from "../graph-error";
import type { Route } from "../routes/route";

interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a request and refuses unknown paths by name. */
export class Router {
  readonly #router = FindMyWay({ caseSensitive: false, maxParamLength: 500 });

  constructor(routes: readonly Route[]) {
    for (const route of routes) this.#router.on(route.method, path(route.version ?? "v1.0", route.path), notRun, route);
  }

  find(method: string, version: string, pathOnly: string): Match {
    const found = this.#router.find(method as FindMyWay.HTTPMethod, path(version, pathOnly));
    if (!found || Object.values(found.params).some(isNoId))
      throw notSupported(`${method} ${path(version, pathOnly)}`, 501);
    const params = Object.entries(found.params).map(([name, value]) => [name, value ?? ""] as const);
    return { route: found.store as Route, params: Object.fromEntries(params) };
  }
}

/** True for `delta` and `$…` segments, which a route would otherwise mistake for an unknown id. */
const isNoId = (value: string | undefined) => /^\$|^(microsoft\.graph\.)?delta(\(|$)/i.test(value ?? "");

/** The router requires a handler, but here routes are only looked up. */
const notRun = () => undefined;

const path = (version: string, rest: string) => `/${version}${rest}`;
