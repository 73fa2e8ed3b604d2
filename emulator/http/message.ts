import type { Caller } from "../signin/tokens";

/** A request from the server, a batch or a test. */
export interface GraphRequest {
  readonly method: string;
  /** With the version and the query: `/v1.0/users?$top=5`. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Present for a request inside a `$batch`. */
  readonly batchItem?: { readonly id: string; readonly waits: boolean; readonly caller: Caller };
}

export interface GraphResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export const ok = (body: unknown): GraphResponse => ({ status: 200, headers: {}, body });

export const noContent: GraphResponse = { status: 204, headers: {} };

/** Splits `/v1.0/users?$top=5` into version, path and query. */
export function splitUrl(url: string): { version: string; path: string; query: URLSearchParams } {
  const { pathname, searchParams } = new URL(url, "https://localhost");
  const [, version = "", ...rest] = pathname.split("/");
  return { version, path: `/${rest.join("/")}`, query: searchParams };
}
