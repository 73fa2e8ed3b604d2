/** What was asked of the embedded Graph, in the order of arrival: whole requests and the items of batches. */

export interface RequestEntry {
  readonly number: number;
  readonly at: Date;
  readonly method: string;
  /** Without the version, with the query. */
  readonly path: string;
  /** Client id of the app; absent before it has signed in. */
  app: string | undefined;
  /** 0: the connection was dropped. */
  status: number;
  readonly inBatch: boolean;
  /** Came before the `Retry-After` of the same request was over. */
  early: boolean;
  units: number;
}

/** An answer on its way: what it asks of the client counts when it arrives, which it may never do. */
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
  /** Until when a request must not come again. */
  readonly #waits = new Map<string, number>();
  /** Of requests under way alone: a batch is told from another by all that it asks. */
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

  /** Requests that change something, in a batch or not; the batch itself is none. */
  writes(): readonly RequestEntry[] {
    return this.#entries.filter((entry) => entry.method !== "GET" && !isBatch(entry));
  }

  /** HTTP requests to Graph: a batch is one, sign-in is none. */
  http(): number {
    return this.#http;
  }

  /** Requests sent before the time that an earlier answer to the same request had asked to wait. */
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

  /** @param content what tells one batch from another: they have one path, and may be under way side by side */
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

  /** @returns what the client has to be told, with `reached`, when the answer arrives */
  answered(entry: RequestEntry, status: number, retryAfterSeconds: number | undefined): AnswerUnderWay {
    entry.status = status;
    const same = this.#sameness.get(entry) ?? "";
    this.#sameness.delete(entry);
    return { same, retryAfterSeconds };
  }

  /** From now on the client knows how long to wait. */
  reached({ same, retryAfterSeconds }: AnswerUnderWay, now: Date): void {
    if (retryAfterSeconds === undefined) this.#waits.delete(same);
    else this.#waits.set(same, now.getTime() + retryAfterSeconds * 1000);
  }
}

function isBatch(entry: RequestEntry): boolean {
  return entry.path === "/$batch";
}
