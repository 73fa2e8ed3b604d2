import type { Cause } from "../directory/entities";
import type { GraphRequest, GraphResponse } from "../http/message";
import type { ODataQuery, QueryOption } from "../http/odata-query";
import type { Pages } from "../http/pages";
import type { World } from "../world";

/** What a handler gets: one request, signed in, allowed, its query understood. */
export interface Call {
  readonly world: World;
  readonly pages: Pages;
  readonly request: GraphRequest;
  readonly params: Readonly<Record<string, string>>;
  readonly query: ODataQuery;
  /** Whether the app has any one of these permissions. */
  readonly may: (permissions: readonly string[]) => boolean;
  readonly cause: (what: string) => Cause;
  /** `https://localhost:1234/v1.0` */
  readonly root: string;
  readonly path: string;
}

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** Application permissions, any one of which is enough. */
  readonly permissions: readonly string[];
  /** Resource units that a call costs; `$select` makes it one less. */
  readonly units: number;
  readonly options?: readonly QueryOption[];
  /** Absent: v1.0. */
  readonly version?: "beta";
  readonly handle: (call: Call) => GraphResponse;
}
