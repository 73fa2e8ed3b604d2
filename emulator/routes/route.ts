import type { Cause } from "../directory/entities";
import type { GraphRequest, GraphResponse } from "../http/message";
import type { ODataQuery, QueryOption } from "../http/odata-query";
import type { Pages } from "../http/pages";
import type { World } from "../world";

/** A handler's input: an authenticated and authorised request with its parsed query. */
export interface Call {
  readonly world: World;
  readonly pages: Pages;
  readonly request: GraphRequest;
  readonly params: Readonly<Record<string, string>>;
  readonly query: ODataQuery;
  /** True if the app has at least one of these permissions. */
  readonly may: (permissions: readonly string[]) => boolean;
  readonly cause: (what: string) => Cause;
  /** Such as `https://localhost:1234/v1.0`. */
  readonly root: string;
  readonly path: string;
}

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** Application permissions; one of them is enough. */
  readonly permissions: readonly string[];
  /** Cost of a call in resource units. `$select` lowers it by one. */
  readonly units: number;
  readonly options?: readonly QueryOption[];
  /** Default: v1.0. */
  readonly version?: "beta";
  readonly handle: (call: Call) => GraphResponse;
}
