import type { Purpose } from "./classify";
import { GraphError } from "./failure";
import type { GraphHttp } from "./http";
import { AUDIT_PAGES } from "./limits";
import { isObject, listFrom, textFrom } from "../reads/wire";

/** The first request of a listing. */
export interface Listing {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly version?: "v1.0" | "beta";
  readonly purpose: Purpose;
}

/**
 * Yields the pages of a listing; a page may be empty and still have a next one. If a page token expires, because the
 * caller takes pages slowly, the listing starts again once: the caller must tolerate the same object twice.
 *
 * @throws {GraphError} if a page cannot be read
 */
export async function* pagesOf(http: GraphHttp, listing: Listing): AsyncGenerator<unknown[]> {
  for await (const { values } of pagesFrom(http, listing, listing.url)) yield values;
}

/** The same, starting at the next link of an earlier page. */
export async function* pagesFrom(http: GraphHttp, listing: Listing, from: string): AsyncGenerator<ListedPage> {
  let restarts = 0;
  let url: string | null = from;
  const read = new Set<string>();
  while (url !== null) {
    let page: Page;
    try {
      page = await readPage(http, listing, url);
    } catch (error) {
      const expired = error instanceof GraphError && error.failure.kind === "pageExpired";
      if (!expired || restarts > 0) throw error;
      restarts += 1;
      url = listing.url;
      read.clear();
      continue;
    }
    read.add(url);
    if (page.next !== null && read.has(page.next)) throw endless();
    yield { ...page, isFirst: url === listing.url };
    url = page.next;
  }
}

/** All objects of a listing, for listings that are known to be short. */
export async function allOf(http: GraphHttp, listing: Listing): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const page of pagesOf(http, listing)) values.push(...page);
  return values;
}

/**
 * The newest objects of a listing sorted by newest first: its first page that is not empty, among `AUDIT_PAGES`. The audit
 * log filters a page after it has cut it.
 */
export async function newestOf(http: GraphHttp, listing: Listing): Promise<unknown[]> {
  let pages = 0;
  for await (const page of pagesOf(http, listing)) {
    pages += 1;
    if (page.length > 0 || pages === AUDIT_PAGES) return page;
  }
  return [];
}

/**
 * At least `enough` objects of a listing, given its first page from a batch; fewer only if there are no more. "A page of
 * results may contain zero or more results": https://learn.microsoft.com/graph/paging
 *
 * @param enough default: all
 */
export async function restOf(http: GraphHttp, first: unknown, listing: Listing, enough = Infinity): Promise<unknown[]> {
  const { values, next } = splitPage(first);
  const all = [...values];
  if (next === null || all.length >= enough) return all;
  for await (const page of pagesFrom(http, listing, next)) {
    if (page.isFirst) all.length = 0;
    all.push(...page.values);
    if (all.length >= enough) break;
  }
  return all;
}

export interface Page {
  readonly values: unknown[];
  /** The next link; `null` on the last page. */
  readonly next: string | null;
}

export interface ListedPage extends Page {
  /** The listing begins, or begins again. */
  readonly isFirst: boolean;
}

const LISTS_USERS = /\/(users|microsoft\.graph\.user)\?/;

function idOf(value: unknown): string {
  return isObject(value) ? (textFrom(value["id"]) ?? "") : "";
}

async function readPage(http: GraphHttp, listing: Listing, url: string): Promise<Page> {
  const page = splitPage(await http.send({ ...listing, method: "GET", kind: "read", url }));
  if (LISTS_USERS.test(url)) http.transport.pacer.sawUsers(page.values.map(idOf));
  return page;
}

/** @throws GraphError of kind `unexpected` when the body is no list */
export function splitPage(body: unknown): Page {
  if (!isObject(body) || !Array.isArray(body["value"])) {
    throw new GraphError({ kind: "unexpected", status: 200, code: "", message: "a list came without its values" });
  }
  return { values: listFrom(body["value"]), next: textFrom(body["@odata.nextLink"]) };
}

function endless(): GraphError {
  return new GraphError({
    kind: "unexpected",
    status: 200,
    code: "",
    message: "a page names one that was read before as the next one",
  });
}
