import { randomUUID } from "node:crypto";
import type { Cause } from "../directory/entities";
import type { Exchange } from "../evidence/exchange";
import type { AnswerUnderWay, RequestEntry, RequestLog } from "../evidence/request-log";
import { badRequest, denied, GraphError, notSupported } from "../graph-error";
import type { Route } from "../routes/route";
import type { Caller, Tokens } from "../signin/tokens";
import { errorOf, type Faults, type Verdict } from "../trouble/faults";
import type { Throttle } from "../trouble/throttle";
import type { World } from "../world";
import { runBatch } from "./batch";
import { type GraphRequest, type GraphResponse, splitUrl } from "./message";
import { parseQuery } from "./odata-query";
import type { Pages } from "./pages";
import { Router } from "./router";

export interface ServiceParts {
  /** The current tenant, which `reset` replaces. */
  readonly world: () => World;
  readonly url: () => string;
  readonly tokens: Tokens;
  readonly pages: () => Pages;
  readonly throttle: () => Throttle | undefined;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly routes: readonly Route[];
  /** Called for each answered request, including the items of batches. */
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
}

/** The state that one HTTP request holds until its response is sent. A batch holds the state of all its items. */
interface UnderWay {
  /** Ids of the users that the request writes to. */
  readonly held: string[];
  readonly answers: AnswerUnderWay[];
}

/** A request with its parsed URL. */
interface Asked {
  readonly request: GraphRequest;
  readonly version: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Graph as a function from a request to a response or a dropped connection. */
export class GraphService {
  readonly #router: Router;
  readonly #usersInWriting = new Set<string>();

  constructor(readonly parts: ServiceParts) {
    this.#router = new Router(parts.routes);
  }

  /** Call `release` when the response has been sent. Until then, a second write to the same user conflicts with the first. */
  async handle(request: GraphRequest): Promise<{ response: GraphResponse | "dropped"; release: () => void }> {
    const exchange: UnderWay = { held: [], answers: [] };
    const response = await this.#run(request, exchange);
    const release = () => {
      for (const userId of exchange.held) this.#usersInWriting.delete(userId);
      const { log, world } = this.parts;
      if (response !== "dropped") for (const answer of exchange.answers) log.reached(answer, world().clock.now());
    };
    return { response, release };
  }

  async #run(request: GraphRequest, exchange: UnderWay): Promise<GraphResponse | "dropped"> {
    const { faults, log, world } = this.parts;
    const parts = splitUrl(request.url);
    const { path, query } = parts;
    const shown = decodeURIComponent(path) + (query.size > 0 ? `?${decoded(query)}` : "");
    const inBatch = request.batchItem !== undefined;
    const body = request.body === undefined ? "" : JSON.stringify(request.body);
    const content = path === "/$batch" ? body : "";
    const entry = log.arrived(request.method, shown, inBatch, world().clock.now(), content);
    const userId = this.#userIn(path);
    const verdict = await faults.before({ method: request.method, path: shown, inBatch, userId, body });
    world().clock.catchUp();
    const response = await this.#judged(verdict, { request, ...parts }, entry, exchange);
    const dropped = (verdict === "reset" || verdict === "lost") && !inBatch;
    const retryAfter = response.headers["retry-after"];
    const waits = retryAfter === undefined ? undefined : Number(retryAfter);
    exchange.answers.push(log.answered(entry, dropped ? 0 : response.status, waits));
    if (verdict === "go on")
      this.parts.onExchange?.({
        method: request.method,
        url: request.url,
        body: request.body,
        status: response.status,
        answer: response.body,
      });
    return dropped ? "dropped" : response;
  }

  async #judged(verdict: Verdict, asked: Asked, entry: RequestEntry, exchange: UnderWay): Promise<GraphResponse> {
    if (verdict === "go on") return this.#answer(asked, entry, exchange);
    if (verdict === "ignored") return this.#withIds({ status: 200, headers: {}, body: {} }, asked.request, {});
    if (typeof verdict === "object" && "rewrite" in verdict) {
      const response = await this.#answer(asked, entry, exchange);
      return { ...response, body: verdict.rewrite({ ...(response.body as Record<string, unknown>) }) };
    }
    const trouble = typeof verdict === "object" ? verdict.error : errorOf({ status: verdict === "lost" ? 504 : 503 });
    // Carry out the request and discard its responses: they never reach the client.
    if (verdict === "lost" || (typeof verdict === "object" && verdict.afterDoing))
      await this.#answer(asked, entry, { held: exchange.held, answers: [] });
    return this.#failure(trouble, asked.request);
  }

  async #answer(asked: Asked, entry: RequestEntry, exchange: UnderWay): Promise<GraphResponse> {
    const { request, version, path } = asked;
    try {
      const { tokens, world } = this.parts;
      const caller =
        request.batchItem?.caller ?? tokens.check(request.headers["authorization"], world().directory.facts.id);
      entry.app = caller.appId;
      if (request.method === "POST" && path === "/$batch" && !request.batchItem) {
        const answers = await runBatch(request.body, caller, version, this.parts.url(), async (item) => {
          const response = await this.#run(item, exchange);
          return response === "dropped" ? this.#failure(errorOf({ status: 504 }), item) : response;
        });
        return this.#withIds(answers, request, {});
      }
      return this.#route(asked, caller, entry, exchange);
    } catch (error) {
      if (error instanceof GraphError) return this.#failure(error, request);
      throw error;
    }
  }

  #route(asked: Asked, caller: Caller, entry: RequestEntry, { held }: UnderWay): GraphResponse {
    const { world, pages, throttle, url } = this.parts;
    const { request, version, path, query: params } = asked;
    refuseHeaders(request.headers);
    refuseLongUrl(request, url());
    const { route, params: names } = this.#router.find(request.method, version, path);
    const query = parseQuery(params, request.headers, route.options ?? []);
    const may = (permissions: readonly string[]) =>
      permissions.some((permission) => caller.permissions.has(permission));
    if (!may(route.permissions)) throw denied();
    entry.units = Math.max(1, route.units - (query.select ? 1 : 0));
    const headers = this.#pay(throttle(), caller, route, entry.units);
    if (route.method !== "GET") this.#holdUser(asked, held);
    const cause = (what: string): Cause => ({ by: caller.appId, who: caller.name, what, inBackground: false });
    const call = {
      world: world(),
      pages: pages(),
      request,
      may,
      params: names,
      query,
      cause,
      root: `${url()}/${version}`,
      path,
    };
    return this.#withIds(route.handle(call), request, headers);
  }

  #pay(throttle: Throttle | undefined, caller: Caller, route: Route, units: number): Readonly<Record<string, string>> {
    const price = {
      units,
      writes: route.method === "GET" ? 0 : 1,
      audits: route.path.startsWith("/auditLogs") ? 1 : 0,
    };
    const fill = throttle?.take(caller.appId, price, this.parts.world().clock.nowMs()) ?? {};
    return { "x-ms-resource-unit": String(units), ...fill };
  }

  /** Refuses a write to a user while another write to the same user is in progress. */
  #holdUser({ request, path }: Asked, held: string[]): void {
    const userId = this.#userIn(path);
    if (userId === undefined) return;
    if (this.#usersInWriting.has(userId) && !(request.batchItem?.waits && held.includes(userId)))
      throw errorOf({ status: 409 });
    this.#usersInWriting.add(userId);
    held.push(userId);
  }

  #userIn(path: string): string | undefined {
    const [, set = "", id = ""] = path.split("/");
    if (set.toLowerCase() !== "users" || id === "") return undefined;
    const name = decodeURIComponent(id);
    return this.parts.world().directory.user(name)?.id ?? name.toLowerCase();
  }

  #failure(error: GraphError, request: GraphRequest): GraphResponse {
    const requestId = randomUUID();
    const innerError = {
      date: this.parts.world().clock.now().toISOString().slice(0, 19),
      "request-id": requestId,
      "client-request-id": request.headers["client-request-id"] ?? requestId,
    };
    const body = { error: { code: error.code, message: error.message, innerError } };
    return this.#withIds({ status: error.status, headers: error.headers, body }, request, {}, requestId);
  }

  #withIds(
    response: GraphResponse,
    request: GraphRequest,
    more: Readonly<Record<string, string>>,
    requestId: string = randomUUID(),
  ): GraphResponse {
    // By the tenant's clock. Only the HTTP response has a date, not the items of a batch.
    const date = request.batchItem ? {} : { date: this.parts.world().clock.now().toUTCString() };
    const ids = {
      ...date,
      "request-id": requestId,
      "client-request-id": request.headers["client-request-id"] ?? requestId,
    };
    return { ...response, headers: { ...ids, ...more, ...response.headers } };
  }
}

const decoded = (query: URLSearchParams) => [...query].map(([name, value]) => `${name}=${value}`).join("&");

const longestAdvancedUrl = 2_048;

/** "A URL length of 2,048 characters when using advanced query capabilities": https://learn.microsoft.com/graph/known-issues */
function refuseLongUrl({ url, headers }: GraphRequest, host: string): void {
  if (headers["consistencylevel"] !== undefined && host.length + url.length > longestAdvancedUrl)
    throw badRequest("The request URL is too long for an advanced query.", "Request_UnsupportedQuery");
}

/** Refuses headers that change the meaning of a request and are not supported. */
function refuseHeaders(headers: Readonly<Record<string, string>>): void {
  const unknown = ["prefer", "if-match", "if-none-match"].find((name) => headers[name] !== undefined);
  if (unknown) throw notSupported(`header ${unknown}: ${headers[unknown] ?? ""}`);
}
