import { AuthenticationHandler, Client, ResponseType, TelemetryHandler } from "@microsoft/microsoft-graph-client";

import { orNotYet } from "./awaited-groups";
import { CallOptions, type Call } from "./call";
import { classify } from "./classify";
import { GraphError } from "./failure";
import { ExactUrlHandler, FetchHandler, RetryHandler } from "./middleware";
import type { Transport } from "./transport";
import type { Sleep, StopReason } from "./pauses";
import { readRetryAfter } from "./retry-after";
import { parseVisible } from "./visible-text";

/** Sends one request to Graph and returns its answer: the official client, with our own handlers in its chain. */
export class GraphHttp {
  private readonly client: Client;

  constructor(
    /** `https://graph.microsoft.com`, without a version. */
    private readonly host: string,
    readonly transport: Transport,
  ) {
    this.client = Client.initWithMiddleware({
      baseUrl: `${host}/`,
      defaultVersion: "v1.0",
      // The token is sent to this host only.
      customHosts: new Set([new URL(host).hostname]),
      middleware: [
        new RetryHandler(transport),
        new ExactUrlHandler(),
        new AuthenticationHandler(transport.tokens),
        new TelemetryHandler(),
        new FetchHandler(transport),
      ],
    });
  }

  /** The same host, sign-in and pacer, with another way to wait. */
  waitingBy(sleep: Sleep, isUrgent = false, stopReason?: StopReason): GraphHttp {
    const { pauses } = this.transport;
    const own = { now: () => pauses.now(), sleep, ...(stopReason === undefined ? {} : { stopReason }) };
    return new GraphHttp(this.host, { ...this.transport, isUrgent, pauses: own });
  }

  /** The same client; "not found" for one of these groups means "not yet". */
  awaiting(groupIds: Iterable<string>): GraphHttp {
    const awaited = new Set([...this.transport.awaited, ...[...groupIds].map((id) => id.toLowerCase())]);
    return new GraphHttp(this.host, { ...this.transport, awaited });
  }

  /**
   * Sends a request and returns the parsed body, or `null` for a success without one.
   *
   * @throws {GraphError} for any other answer, and for none
   */
  async send(call: Call): Promise<unknown> {
    const response = await this.exchange(call);
    const text = await response.text();
    if (isRedirect(response)) throw unexpected(response.status, "a redirect, which is not followed");
    const body = parse(text);
    if (!response.ok) {
      const retryAfterMs = readRetryAfter(response.headers.get("Retry-After"), this.transport.pauses.now());
      const failure = classify({ status: response.status, retryAfterMs, body }, call.purpose);
      throw new GraphError(orNotYet(failure, call.kind, call.url, this.transport.awaited));
    }
    if (body === undefined) throw unexpected(response.status, "the body of a success is not JSON");
    return body;
  }

  private async exchange(call: Call): Promise<Response> {
    const url = this.absolute(call);
    const options = new CallOptions(call, url);
    // The client would rebuild the URL by its own rules, so `ExactUrlHandler` sets it instead.
    const request = this.client
      .api("/")
      .headers({ Accept: "application/json", ...call.headers })
      .responseType(ResponseType.RAW)
      .middlewareOptions([options]);
    try {
      return (await (call.method === "GET" ? request.get() : request.post(call.body))) as Response;
    } catch (error) {
      throw options.thrown ?? error;
    }
  }

  /** A next link comes from outside. One of another origin is refused, so that it never receives a token. */
  private absolute({ url, version = "v1.0" }: Call): string {
    if (url.startsWith("/")) return `${this.host}/${version}${url}`;
    const origin = URL.canParse(url) ? new URL(url).origin : url;
    if (origin === new URL(this.host).origin) return url;
    throw unexpected(200, `a next link leads to another host, ${origin}`);
  }
}

function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400;
}

function unexpected(status: number, message: string): GraphError {
  return new GraphError({ kind: "unexpected", status, code: "", message });
}

/** `null` for an empty body, `undefined` for a body that is not JSON. */
function parse(text: string): unknown {
  if (text === "") return null;
  try {
    return parseVisible(text);
  } catch {
    return undefined;
  }
}
