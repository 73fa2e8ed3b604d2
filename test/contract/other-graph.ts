type Fetch = typeof globalThis.fetch;
type Json = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; `undefined`: no body. */
  readonly body: unknown;
}

interface BatchItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The rest of a listing, behind a page token. */
interface Rest {
  readonly values: readonly unknown[];
  /** The next link of the embedded Graph; `null`: there is none. */
  readonly after: string | null;
  readonly isAdvanced: boolean;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** No pages, by their reference. */
const UNPAGED = /^\/v1\.0\/(subscribedSkus|organization)\b/;
const ALREADY = "added object references already exist";

/**
 * A Graph that keeps to the public reference in other ways than the embedded one, over the same tenant: each page begins
 * with an empty one, ids are in capitals, null is left out, and requests are throttled or fail in every form that is documented.
 */
export class OtherGraph {
  /** What the client did beside the reference: sent again too early, followed a link without its headers. */
  readonly faults: string[] = [];
  /** How often each trouble was made. */
  readonly made: Record<string, number> = {};
  #turns = 0;
  readonly #rests = new Map<string, Rest>();
  /** Milliseconds since 1970 before which a request may not come again. */
  readonly #notBefore = new Map<string, number>();
  readonly #wasThrottled = new Set<string>();

  constructor(
    private readonly upstream: Fetch,
    private readonly now: () => number,
  ) {}

  readonly fetch: Fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!/^\/(v1\.0|beta)\//.test(url.pathname)) return this.upstream(input, init);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const isBatch = url.pathname.endsWith("/$batch");
    const items = isBatch ? (JSON.parse(init?.body as string) as { requests: BatchItem[] }).requests : [];
    const isRead = isBatch ? items.every(({ method }) => method === "GET") : (init?.method ?? "GET") === "GET";
    if (isRead && this.#every(9, "an HTML page from a gateway")) return page(502, "<html><h1>Bad Gateway</h1></html>");
    if (isRead && this.#every(13, "503 without a time")) return page(503, "");
    if (this.#every(17, "429 for a whole request")) return page(429, "{}", { "Retry-After": "1" });
    if (isBatch) return this.#batch(url, items, init);
    const answer = await this.#one(url, headers, init);
    // The write is done, and a gateway hides it.
    if (!isRead && this.#every(3, "504 behind a write")) return page(504, "");
    return sent(answer);
  };

  async #batch(url: URL, items: readonly BatchItem[], init: RequestInit | undefined): Promise<Response> {
    const refused = items.map((item) => [item, this.#throttled(item)] as const);
    const open = refused.flatMap(([item, answer]) => (answer === null ? [item] : []));
    const responses = refused.flatMap(([{ id }, answer]) => (answer === null ? [] : [{ id, ...answer }]));
    if (open.length > 0) {
      const body = JSON.stringify({ requests: open });
      const { body: answered } = await answerOf(await this.upstream(url, { ...init, body }));
      const byId = new Map(open.map((item) => [item.id, item]));
      for (const { id, ...answer } of (answered as { responses: (Answer & { readonly id: string })[] }).responses) {
        const { url: relative = "", headers = {} } = byId.get(id) ?? {};
        const said = this.#reshaped(answer, new URL(`${url.origin}/v1.0${relative}`), lowered(headers));
        // Nobody promises headers of a success.
        responses.push({ id, ...(said.status === 204 ? { status: 204 } : said) } as (typeof responses)[number]);
      }
    }
    if (items.some(({ method }) => method !== "GET") && this.#every(5, "504 behind a batch of writes"))
      return page(504, "");
    return sent({ status: 200, headers: {}, body: { responses: responses.reverse() } });
  }

  /** A request of a batch is throttled by itself, once; the name of the header is in any case, or there is none. */
  #throttled({ method, url, body }: BatchItem): Answer | null {
    const key = `${method} ${url} ${JSON.stringify(body)}`;
    const due = this.#notBefore.get(key);
    if (due !== undefined && this.now() < due) this.faults.push(`${key} came ${due - this.now()} ms too early`);
    this.#notBefore.delete(key);
    if (this.#wasThrottled.has(key) || !this.#every(4, "429 in a batch")) return null;
    this.#wasThrottled.add(key);
    const [headers, seconds] = (
      [
        [{ "retry-after": "2" }, 2],
        [{ "RETRY-AFTER": "0.5" }, 0.5],
        [{}, 0],
      ] as const
    )[this.#turns % 3] ?? [{}, 0];
    this.#notBefore.set(key, this.now() + seconds * 1000);
    return { status: 429, headers, body: { error: { code: "TooManyRequests", message: "", innererror: {} } } };
  }

  async #one(url: URL, headers: Readonly<Record<string, string>>, init: RequestInit | undefined): Promise<Answer> {
    const token = url.searchParams.get("$skiptoken");
    const rest = token === null ? undefined : this.#rests.get(token);
    if (rest !== undefined) return this.#restOf(rest, url, headers, init);
    return this.#reshaped(await answerOf(await this.upstream(url, init)), url, headers);
  }

  async #restOf(
    { values, after, isAdvanced }: Rest,
    url: URL,
    headers: Readonly<Record<string, string>>,
    init: RequestInit | undefined,
  ): Promise<Answer> {
    if (isAdvanced && headers["consistencylevel"] !== "eventual") this.faults.push(`${url.pathname} lost its header`);
    if (values.length === 0 && after !== null) {
      return this.#reshaped(await answerOf(await this.upstream(after, init)), url, headers);
    }
    const here = Math.ceil(values.length / 2);
    const left = { values: values.slice(here), after, isAdvanced };
    const isLast = left.values.length === 0 && after === null;
    return {
      status: 200,
      headers: {},
      body: { ...(isLast ? {} : this.#link(url, left)), value: values.slice(0, here).map((each) => reshape(each)) },
    };
  }

  /** Any first page may be empty: "a page of results may contain zero or more results". */
  #reshaped({ status, headers, body }: Answer, url: URL, sentWith: Readonly<Record<string, string>>): Answer {
    if (status >= 400) return { status, headers: {}, body: errorLike(status, body) };
    if (status === 202) return { status, headers, body: undefined };
    const { value, "@odata.nextLink": after = null, ...others } = (body ?? {}) as Json;
    if (!Array.isArray(value) || UNPAGED.test(url.pathname)) return { status, headers, body: reshape(body) };
    const rest = {
      values: value,
      after: after as string | null,
      isAdvanced: sentWith["consistencylevel"] === "eventual",
    };
    return { status, headers, body: { ...others, "@microsoft.graph.tips": "…", ...this.#link(url, rest), value: [] } };
  }

  #link(url: URL, rest: Rest): Json {
    const token = `RFNwdAoAAQ${this.#rests.size}'+/=`;
    this.#rests.set(token, rest);
    const next = new URL(url);
    next.searchParams.set("$skiptoken", token);
    return { "@odata.nextLink": next.href };
  }

  #every(times: number, what: string): boolean {
    this.#turns += 1;
    if (this.#turns % times !== 0) return false;
    this.made[what] = (this.made[what] ?? 0) + 1;
    return true;
  }
}

/** Empty where a status says it all, in other words where the reference promises none. */
function errorLike(status: number, body: unknown): unknown {
  if ([403, 404, 409].includes(status)) return undefined;
  const { error } = (body ?? {}) as { error?: Json };
  if (String(error?.["message"]).includes(ALREADY)) {
    return { error: { code: "badRequest", message: "The object is a member of the group.", innerError: null } };
  }
  return { error: { ...error, innerError: { code: "other", date: "2026-11-30T12:00:00" }, details: [] } };
}

/** The same value in capitals, with times to seven digits, without what is null, and with annotations and news. */
function reshape(value: unknown, name = ""): unknown {
  if (typeof value === "string") {
    if (GUID.test(value)) return value.toUpperCase();
    return name === "lastUpdatedDateTime" ? value.replace(/Z$/, ".1234567Z") : value;
  }
  if (Array.isArray(value)) return value.map((each) => reshape(each, name));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    if (key.startsWith("@odata.")) return [[key, each]];
    if (key === "error" && each === "None") return [[key, null]];
    if (key === "licenseProcessingState") return [[key, (each as { state?: string } | null)?.state ?? ""]];
    if (key === "provisioningStatus") return [[key, "PendingActivation"]];
    return each === null && key !== "assignedByGroup" ? [] : [[key, reshape(each, key)]];
  });
  return {
    "@odata.etag": 'W/"1"',
    "news@odata.context": "…",
    news: { is: ["unknown"] },
    ...Object.fromEntries(entries),
  };
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { "content-length": _, ...headers } = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
}

function sent({ status, headers, body }: Answer): Response {
  return page(status, body === undefined ? "" : JSON.stringify(body), headers);
}

function page(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text === "" ? null : text, { status, headers });
}
