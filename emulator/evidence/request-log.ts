/** All requests to the embedded Graph in order of arrival, including the items of batches. */

export interface RequestEntry {
  readonly number: number;
  readonly at: Date;
  readonly method: string;
  /** Without the version, with the query. */
  readonly path: string;
  /** The app's client id; absent before it has signed in. */
  app: string | undefined;
  /** HTTP status; 0 if the connection was dropped. */
  status: number;
  readonly inBatch: boolean;
  /** True if the request was sent before the `Retry-After` time of its predecessor had passed. */
  early: boolean;
  units: number;
}

/** A response in transit. Its `Retry-After` binds the client only once the response arrives, which may never happen. */
export interface AnswerUnderWay {
  readonly same: string;
  readonly retryAfterSeconds: number | undefined;
}

export interface RequestFilter {
  readonly method?: string;
  readonly path?: RegExp;
  readonly status?: number;
  readonly inBatch?: boolean;
  readonly app?: string;
}

export class RequestLog {
  readonly #entries: RequestEntry[] = [];
  /** Earliest time in milliseconds at which a request may be repeated. */
  readonly #waits = new Map<string, number>();
  /** The identity of each request in progress. Batches share one path, so their content identifies them. */
  readonly #sameness = new Map<RequestEntry, string>();
  #http = 0;
  #signIns = 0;

  all(filter: RequestFilter = {}): readonly RequestEntry[] {
    return this.#entries.filter(
      (entry) =>
        (filter.method === undefined || entry.method === filter.method) &&
        (filter.path === undefined || filter.path.test(entry.path)) &&
        (filter.status === undefined || entry.status === filter.status) &&
        (filter.inBatch === undefined || entry.inBatch === filter.inBatch) &&
        (filter.app === undefined || entry.app === filter.app),
    );
  }

  count(filter: RequestFilter = {}): number {
    return this.all(filter).length;
  }

  /** All writes, including those in batches. A batch itself does not count. */
  writes(): readonly RequestEntry[] {
    return this.#entries.filter((entry) => entry.method !== "GET" && !isBatch(entry));
  }

  /** Number of HTTP requests to Graph. A batch counts as one; sign-in does not count. */
  http(): number {
    return this.#http;
  }

  /** Requests that were repeated before their `Retry-After` time had passed. */
  early(): readonly RequestEntry[] {
    return this.#entries.filter((entry) => entry.early);
  }

  signIns(): number {
    return this.#signIns;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#waits.clear();
    this.#sameness.clear();
    this.#http = 0;
    this.#signIns = 0;
  }

  signedIn(): void {
    this.#signIns++;
  }

  /** @param content the body of a batch, which identifies it: batches share one path and can run in parallel */
  arrived(method: string, path: string, inBatch: boolean, at: Date, content = ""): RequestEntry {
    const same = `${method} ${path} ${content}`;
    const waitUntil = this.#waits.get(same) ?? 0;
    const early = at.getTime() < waitUntil;
    const entry = {
      number: this.#entries.length,
      at,
      method,
      path,
      app: undefined,
      status: 0,
      inBatch,
      early,
      units: 0,
    };
    this.#sameness.set(entry, same);
    this.#entries.push(entry);
    if (!inBatch) this.#http++;
    return entry;
  }

  /** @returns the value to pass to `reached` when the response arrives at the client */
  answered(entry: RequestEntry, status: number, retryAfterSeconds: number | undefined): AnswerUnderWay {
    entry.status = status;
    const same = this.#sameness.get(entry) ?? "";
    this.#sameness.delete(entry);
    return { same, retryAfterSeconds };
  }

  /** Records that the response has reached the client, which from now on must respect its `Retry-After`. */
  reached({ same, retryAfterSeconds }: AnswerUnderWay, now: Date): void {
    if (retryAfterSeconds === undefined) this.#waits.delete(same);
    else this.#waits.set(same, now.getTime() + retryAfterSeconds * 1000);
  }
}

function isBatch(entry: RequestEntry): boolean {
  return entry.path === "/$batch";
}
