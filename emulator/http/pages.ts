import { randomUUID } from "node:crypto";
import { badRequest } from "../graph-error";
import type { ODataQuery } from "./odata-query";

interface Listing {
  readonly ids: readonly string[];
  readonly resource: string;
}

const keptListings = 50;
const defaultPage = 100;

/**
 * Serves lists in pages. The first page fixes the objects of all pages, so that none is skipped or repeated while the tenant
 * changes. Objects deleted meanwhile make a page shorter.
 */
export class Pages {
  readonly #listings = new Map<string, Listing>();

  /** With `uneven`, pages may be shorter than requested, as in the real service. */
  constructor(readonly uneven: boolean) {}

  page(
    resource: string,
    query: ODataQuery,
    list: () => readonly string[],
  ): { ids: readonly string[]; total: number; nextToken: string | undefined } {
    const { listing, from, number, key } = this.#open(resource, query, list);
    const asked = query.top ?? defaultPage;
    const until = from + (this.uneven ? unevenSize(asked, number) : asked);
    const more = until < listing.ids.length;
    return {
      ids: listing.ids.slice(from, until),
      total: listing.ids.length,
      nextToken: more ? this.#token(key, listing, until, number + 1) : undefined,
    };
  }

  /** Invalidates all page tokens issued so far. */
  expireTokens(): void {
    this.#listings.clear();
  }

  #open(resource: string, query: ODataQuery, list: () => readonly string[]) {
    if (query.skiptoken === undefined)
      return { listing: { ids: list(), resource }, from: 0, number: 0, key: undefined };
    const [key = "", from, number] = Buffer.from(query.skiptoken, "base64url").toString().split("@");
    const listing = this.#listings.get(key);
    if (listing?.resource !== resource)
      throw badRequest(
        "The specified page token value has expired and is no longer valid.",
        "Directory_ExpiredPageToken",
      );
    return { listing, from: Number(from), number: Number(number), key };
  }

  #token(key: string | undefined, listing: Listing, from: number, number: number): string {
    const id = key ?? randomUUID();
    if (key === undefined) {
      this.#listings.set(id, listing);
      for (const oldest of this.#listings.keys()) {
        if (this.#listings.size <= keptListings) break;
        this.#listings.delete(oldest);
      }
    }
    return Buffer.from(`${id}@${from}@${number}`).toString("base64url");
  }
}

/** Every fourth page is empty, also the first one; the others have between one object and the requested number. */
function unevenSize(asked: number, number: number): number {
  return number % 4 === 0 ? 0 : 1 + ((number * 7 + asked) % asked);
}
