import { AuthenticationHandler, Client, ResponseType, TelemetryHandler } from "@microsoft/microsoft-graph-client";

import { CallOptions, type Call } from "./call";
import { classify } from "./classify";
import { GraphError } from "./failure";
import { ExactUrlHandler, FetchHandler, RetryHandler, type Transport } from "./middleware";
import type { Sleep } from "./pauses";
import { readRetryAfter } from "./retry-after";

/** A request to Graph, its answer, and nothing between: the official client with our own handlers in its chain. */
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
      // The token goes to this host alone.
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
  waitingBy(sleep: Sleep, isUrgent = false): GraphHttp {
    const { pauses } = this.transport;
    return new GraphHttp(this.host, { ...this.transport, isUrgent, pauses: { now: () => pauses.now(), sleep } });
  }

  /** The parsed body of a success; `null` where there is none. Everything else is a `GraphError`. */
  async send(call: Call): Promise<unknown> {
    const response = await this.exchange(call);
    const text = await response.text();
    const body = parse(text);
    if (!response.ok) {
      const retryAfterMs = readRetryAfter(response.headers.get("Retry-After"), this.transport.pauses.now());
      throw new GraphError(classify({ status: response.status, retryAfterMs, body }, call.purpose));
    }
    if (body === undefined) {
      throw new GraphError({
        kind: "unexpected",
        status: response.status,
        code: "",
        message: "the body of a success is not JSON",
      });
    }
    return body;
  }

  private async exchange(call: Call): Promise<Response> {
    this.refuseForeignHost(call.url);
    const options = new CallOptions(call);
    const request = this.client
      .api(call.url)
      .version(call.version ?? "v1.0")
      .headers({ Accept: "application/json", ...call.headers })
      .responseType(ResponseType.RAW)
      .middlewareOptions([options]);
    try {
      return (await (call.method === "GET" ? request.get() : request.post(call.body))) as Response;
    } catch (error) {
      throw options.thrown ?? error;
    }
  }

  /** A next link comes from outside: one that leads elsewhere must not be sent a token. */
  private refuseForeignHost(url: string): void {
    if (!url.startsWith("https://") || new URL(url).host === new URL(this.host).host) return;
    throw new GraphError({
      kind: "unexpected",
      status: 200,
      code: "",
      message: `a next link leads to another host, ${new URL(url).host}`,
    });
  }
}

/** `null` for no body, `undefined` for one that is not JSON. */
function parse(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
