import type { Context, Middleware } from "@microsoft/microsoft-graph-client";

import { CallOptions, type RequestObserver } from "./call";
import { GraphError } from "./failure";
import { REQUEST_TIMEOUT_MS } from "./limits";
import { networkTroubleOf, unreachableReasonOf } from "./network-trouble";
import type { Pauses } from "./pauses";
import { decideRetry, NEVER_REPEATED, recordRetry, type Answer, type RetryHistory } from "./retry";
import { readRetryAfter } from "./retry-after";
import type { TokenSource } from "./token-source";

/** What our own handlers share. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  readonly tokens: TokenSource;
  readonly pauses: Pauses;
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
  readonly requestTimeoutMs: number | undefined;
  readonly observe: RequestObserver;
}

/**
 * First in the chain: sends a request until its answer is final, as the retry table says. It stands before authentication, so
 * that each attempt has a token that is valid then.
 */
export class RetryHandler implements Middleware {
  private next: Middleware | undefined;

  constructor(private readonly transport: Transport) {}

  setNext(next: Middleware): void {
    this.next = next;
  }

  async execute(context: Context): Promise<void> {
    const options = optionsOf(context);
    const { call } = options;
    const { pauses, random, signal, tokens, observe } = this.transport;
    const requests = call.requests ?? 1;
    const headers = { ...(context.options?.headers as Record<string, string>) };
    let history: RetryHistory = NEVER_REPEATED;
    for (;;) {
      if (signal?.aborted) fail(options, new GraphError({ kind: "stopped" }));
      // The SDK's handlers append to a header that is already there, so each attempt starts from the bare ones.
      context.options = { ...context.options, headers: { ...headers } };
      observe({ kind: "sent", method: call.method, url: call.url, requests, write: call.kind !== "read" });
      const { answer, error } = await this.attempt(context, options);
      const decision = decideRetry(call.kind, answer, history, random());
      history = recordRetry(history, decision);
      switch (decision.next) {
        case "accept":
          if (error !== null) fail(options, unreachable(context, error));
          return;
        case "lost":
          return fail(options, new GraphError({ kind: "lost", detail: wordsFor(answer, error) }));
        case "renewToken":
          tokens.refuse(bearerOf(context));
          break;
        case "repeat":
          observe({ kind: "waiting", because: decision.because, untilMs: pauses.now() + decision.afterMs, requests });
          await pauses.sleep(decision.afterMs, signal);
      }
    }
  }

  private async attempt(context: Context, options: CallOptions): Promise<{ answer: Answer; error: unknown }> {
    try {
      await this.next?.execute(context);
    } catch (error) {
      // A sign-in that failed, or a stop: final, and already classified.
      if (error instanceof GraphError) fail(options, error);
      return { answer: { trouble: networkTroubleOf(error).trouble }, error };
    }
    const response = context.response;
    if (response === undefined) throw new Error("The chain gave no response.");
    const retryAfterMs = readRetryAfter(response.headers.get("Retry-After"), this.transport.pauses.now());
    return { answer: { status: response.status, retryAfterMs }, error: null };
  }
}

/** Second in the chain: sends a next link byte by byte, where the SDK would put its query together anew. */
export class ExactUrlHandler implements Middleware {
  private next: Middleware | undefined;

  setNext(next: Middleware): void {
    this.next = next;
  }

  async execute(context: Context): Promise<void> {
    const { url } = optionsOf(context).call;
    if (url.startsWith("https://")) context.request = url;
    await this.next?.execute(context);
  }
}

/**
 * Last in the chain: the request itself, with a time-out that includes the body. The body is read here, so that a connection
 * that breaks in its middle counts as trouble of this attempt.
 */
export class FetchHandler implements Middleware {
  constructor(private readonly transport: Transport) {}

  async execute(context: Context): Promise<void> {
    const { kind } = optionsOf(context).call;
    const { fetch, signal, requestTimeoutMs } = this.transport;
    const timeout = AbortSignal.timeout(requestTimeoutMs ?? REQUEST_TIMEOUT_MS);
    // A stop ends a read at once. A write that is under way is waited for: cut off, nobody would know whether it was done.
    const stop = kind === "read" && signal !== undefined ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      const response = await fetch(context.request as string, { ...(context.options as RequestInit), signal: stop });
      const body = await response.arrayBuffer();
      const { status, statusText, headers } = response;
      context.response = new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
    } catch (error) {
      if (kind === "read" && signal?.aborted) throw new GraphError({ kind: "stopped" });
      throw error;
    }
  }
}

function optionsOf(context: Context): CallOptions {
  const options = context.middlewareControl?.getMiddlewareOptions(CallOptions);
  if (options instanceof CallOptions) return options;
  throw new Error("A request was sent past GraphHttp.");
}

function fail(options: CallOptions, error: GraphError): never {
  options.failure = error.failure;
  throw error;
}

function unreachable(context: Context, error: unknown): GraphError {
  const { trouble, detail } = networkTroubleOf(error);
  const host = new URL(String(context.request)).host;
  return new GraphError({ kind: "unreachable", host, detail, reason: unreachableReasonOf(trouble) });
}

function wordsFor(answer: Answer, error: unknown): string {
  return "status" in answer ? `status ${answer.status}` : networkTroubleOf(error).detail;
}

function bearerOf(context: Context): string | null {
  const header = (context.options?.headers as Record<string, string> | undefined)?.["Authorization"];
  return header?.replace(/^Bearer /, "") ?? null;
}
