import { notSupported } from "../graph-error";
import { type Filter, parseFilter } from "./filter";
import { refuseBeyondLimits } from "./filter-limits";

export type QueryOption = "$select" | "$top" | "$filter" | "$count" | "$orderby" | "$expand" | "$skiptoken";

export interface ODataQuery {
  readonly select: readonly string[] | undefined;
  readonly top: number | undefined;
  readonly filter: Filter | undefined;
  readonly count: boolean;
  readonly orderby: string | undefined;
  readonly expand: string | undefined;
  readonly skiptoken: string | undefined;
  /** True if the request had the header `ConsistencyLevel: eventual`. */
  readonly eventual: boolean;
  /** The unparsed query, for the next link. */
  readonly text: URLSearchParams;
}

/** Parses the OData options that a route supports and refuses all others by name. */
export function parseQuery(
  params: URLSearchParams,
  headers: Readonly<Record<string, string>>,
  known: readonly QueryOption[],
): ODataQuery {
  for (const name of new Set(params.keys())) {
    if (!(known as readonly string[]).includes(name)) throw notSupported(`query option '${name}' here`);
    if (params.getAll(name).length > 1) throw notSupported(`query option '${name}' twice`);
  }
  const filter = params.get("$filter");
  const query = {
    select: list(params.get("$select")),
    top: top(params.get("$top")),
    filter: filter === null ? undefined : parseFilter(filter),
    count: flag(params.get("$count")),
    orderby: params.get("$orderby") ?? undefined,
    expand: params.get("$expand") ?? undefined,
    skiptoken: params.get("$skiptoken") ?? undefined,
    eventual: consistency(headers["consistencylevel"]),
    text: params,
  };
  if (query.filter !== undefined && !query.eventual) refuseBeyondLimits(query.filter);
  if (query.count && !query.eventual) throw notSupported("$count=true without the header ConsistencyLevel: eventual");
  return query;
}

function list(text: string | null): string[] | undefined {
  if (text === null) return undefined;
  return text.split(",").map((name) => name.trim());
}

function top(text: string | null): number | undefined {
  if (text === null) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 999) throw notSupported(`$top=${text}: only 1 to 999`);
  return value;
}

function flag(text: string | null): boolean {
  if (text !== null && text !== "true" && text !== "false") throw notSupported(`$count=${text}`);
  return text === "true";
}

function consistency(value: string | undefined): boolean {
  if (value !== undefined && value.toLowerCase() !== "eventual") throw notSupported(`ConsistencyLevel: ${value}`);
  return value !== undefined;
}
