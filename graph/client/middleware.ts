import type { Context, Middleware } from "@microsoft/microsoft-graph-client";

import { isAwaited } from "./awaited-groups";
import { CallOptions, type Call } from "./call";
import { GraphError, TOKEN_REFUSED } from "./failure";
import { REQUEST_TIMEOUT_MS } from "./limits";
import { networkTroubleOf, unreachable } from "./network-trouble";
import { admit, waitUntil } from "../pacing/admission";
import type { Later } from "../pacing/retry-after-cache";
import { hearQuota } from "../pacing/quota-signal";
import type { Permit } from "../pacing/pacer";
import { costOf } from "../pacing/price";
import type { Cost } from "../pacing/quotas";
import { decideRetry, NEVER_REPEATED, recordRetry, type Answer, type RetryHistory } from "./retry";
import { readRetryAfter } from "./retry-after";
import type { Transport } from "./transport";

/**
 * First in the chain: repeats a request until its answer is final, by the table in retry.ts. Runs before
 * authentication, so that each attempt gets a token that is still valid.
 */
export class RetryHandler implements Middleware {
  private next: Middleware | undefined;

  constructor(private readonly transport: Transport) {}

  setNext(next: Middleware): void {
    this.next = next;
  }

  /** @throws GraphError after the last attempt, or when a stop ends a wait */
  async execute(context: Context): Promise<void> {
    const options = optionsOf(context);
    try {
      await this.untilFinal(context, options.call);
    } catch (error) {
      options.thrown = error;
      throw error;
    }
  }

  private async untilFinal(context: Context, call: Call): Promise<void> {
    const { pauses, pacer, random, tokens, observe, awaited } = this.transport;
    const requests = call.requests ?? 1;
    const headers = { ...(context.options?.headers as Record<string, string>) };
    let history: RetryHistory = NEVER_REPEATED;
    const cost = call.cost ?? costOf(call.method, call.url);
    for (;;) {
      const turn = await this.admitOnceDue(call, cost);
      // check: a stop is heard before each write
      if (call.kind === "write") await this.refuseStopped(turn);
      // The SDK's handlers append to existing headers, so each attempt starts from the original ones.
      context.options = { ...context.options, headers: { ...headers } };
      observe({ kind: "sent", method: call.method, url: call.url, requests, write: call.kind !== "read" });
      const { answer, error } = await this.attempt(context).finally(() => {
        pacer.answer(turn, pauses.now());
      });
      // No decision depends on the beta version, which may be absent, so its 404 is never "not yet".
      const mayBeNew = call.version !== "beta" && isAwaited(call.url, awaited);
      const decision = decideRetry(call.kind, answer, history, random(), mayBeNew);
      history = recordRetry(history, decision);
      const heard =
        "status" in answer ? hearQuota(answer, (name) => context.response?.headers.get(name) ?? null, decision) : null;
      if (heard !== null) pacer.hear(cost, heard, pauses.now());
      switch (decision.next) {
        case "accept":
          this.noteLastWish(call, answer);
          if (error !== null) throw unreachable(String(context.request), error);
          return;
        case "lost":
          throw new GraphError({ kind: "lost", detail: wordsFor(answer, error) });
        case "renewToken":
          tokens.refuse(bearerOf(context));
          // Signing in may take longer than the proof is valid.
          if (call.kind === "provenWrite") throw new GraphError(TOKEN_REFUSED);
          break;
        case "repeat": {
          const now = pauses.now();
          const { because, afterMs } = decision;
          const later: Later = {
            untilMs: now + afterMs,
            because,
            status: statusOf(answer),
            limit: heard?.limit ?? null,
          };
          if (call.kind === "read" && asksToWait(answer)) pacer.askedLater.note(call.url, later, now);
          await this.waitFor(later, call);
        }
      }
    }
  }

  /** A final refusal may carry a `Retry-After` too; the next request for the same URL respects it. */
  private noteLastWish(call: Call, answer: Answer): void {
    if (!("status" in answer) || answer.status < 400) return;
    const { pacer, pauses } = this.transport;
    for (const url of call.urls ?? [call.url]) {
      pacer.askedLater.noteRefusal(url, call.kind, answer, pauses.now());
    }
  }

  /** While the request queued, another request may have received a `Retry-After` for the same URL. */
  private async admitOnceDue(call: Call, cost: Cost): Promise<Permit> {
    const { pacer, pauses } = this.transport;
    const urls = call.kind === "provenWrite" ? [] : [call.url, ...(call.urls ?? [])];
    for (;;) {
      await this.waitFor(pacer.askedLater.ofAll(urls), call);
      const turn = await admit(call, cost, this.transport);
      if (pacer.askedLater.ofAll(urls).untilMs <= pauses.now()) return turn;
      pacer.giveBack(turn, pauses.now());
    }
  }

  /**
   * Many writes take minutes even without waits, so a stop is checked before each. A removal checks between units
   * instead.
   */
  private async refuseStopped(turn: Permit): Promise<void> {
    const { pacer, pauses } = this.transport;
    const reason = (await pauses.stopReason?.()) ?? null;
    if (reason === null) return;
    pacer.giveBack(turn, pauses.now());
    throw new GraphError({ kind: "stopped", reason });
  }

  private async waitFor(later: Later, call: Call): Promise<void> {
    if (later.untilMs > this.transport.pauses.now()) await waitUntil(later, call, this.transport);
  }

  private async attempt(context: Context): Promise<{ answer: Answer; error: unknown }> {
    try {
      await this.next?.execute(context);
    } catch (error) {
      // A failed sign-in, final and already classified.
      if (error instanceof GraphError) throw error;
      return { answer: { trouble: networkTroubleOf(error).trouble }, error };
    }
    const { response } = context;
    if (response === undefined) throw new Error("The chain gave no response.");
    const retryAfterMs = readRetryAfter(response.headers.get("Retry-After"), this.transport.pauses.now());
    return { answer: { status: response.status, retryAfterMs }, error: null };
  }
}

/** Second in the chain: sends the exact URL that `GraphHttp` checked; the SDK would rebuild it. */
export class ExactUrlHandler implements Middleware {
  private next: Middleware | undefined;

  setNext(next: Middleware): void {
    this.next = next;
  }

  async execute(context: Context): Promise<void> {
    context.request = optionsOf(context).url;
    await this.next?.execute(context);
  }
}

/**
 * Last in the chain: the request itself. The time-out includes the body, which is read here, so that a connection that
 * breaks halfway counts as a failure of this attempt.
 */
export class FetchHandler implements Middleware {
  constructor(private readonly transport: Transport) {}

  /** @throws GraphError of kind `outdated`, without a request, when the proof of a write has grown old */
  async execute(context: Context): Promise<void> {
    const { fetch, requestTimeoutMs, clock } = this.transport;
    // check: a proof's age is measured when the bytes leave
    if (optionsOf(context).call.isGood?.() === false) throw new GraphError({ kind: "outdated" });
    const signal = AbortSignal.timeout(requestTimeoutMs ?? REQUEST_TIMEOUT_MS);
    const response = await fetch(context.request as string, {
      ...(context.options as RequestInit),
      redirect: "manual",
      signal,
    });
    // check: Graph's time is read from its answers
    clock.hear(response.headers);
    const body = await response.arrayBuffer();
    const { status, statusText, headers } = response;
    context.response = new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
  }
}

function optionsOf(context: Context): CallOptions {
  const options = context.middlewareControl?.getMiddlewareOptions(CallOptions);
  if (options instanceof CallOptions) return options;
  throw new Error("A request was sent past GraphHttp.");
}

function asksToWait(answer: Answer): boolean {
  return "retryAfterMs" in answer && answer.retryAfterMs !== null;
}

function statusOf(answer: Answer): number | null {
  return "status" in answer ? answer.status : null;
}

function wordsFor(answer: Answer, error: unknown): string {
  return "status" in answer ? `status ${answer.status}` : networkTroubleOf(error).detail;
}

function bearerOf(context: Context): string | null {
  const header = (context.options?.headers as Record<string, string> | undefined)?.["Authorization"];
  return header?.replace(/^Bearer /, "") ?? null;
}
