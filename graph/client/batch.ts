import { isAwaited, orNotYet } from "./awaited-groups";
import type { Call } from "./call";
import { classify, type Purpose } from "./classify";
import { GraphError, TOKEN_REFUSED, type GraphFailure } from "./failure";
import type { GraphHttp } from "./http";
import { READ_BATCHES_IN_FLIGHT, REQUESTS_PER_BATCH } from "./limits";
import { AT_ONCE, type Later } from "../pacing/retry-after-cache";
import { hearQuota } from "../pacing/quota-signal";
import { costOf } from "../pacing/price";
import { costOfAll } from "../pacing/quotas";
import type { WriteReservation } from "../pacing/write-reservation";
import { decideRetry, NEVER_REPEATED, recordRetry, type RequestKind, type RetryHistory } from "./retry";
import { readRetryAfter } from "./retry-after";

export interface BatchRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Relative to the version: `/users/{id}?$select=id`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly purpose: Purpose;
}

export type BatchResult = { readonly body: unknown } | { readonly failure: GraphFailure };

interface Pending {
  readonly request: BatchRequest;
  readonly index: number;
  readonly history: RetryHistory;
  /** When and why the request is sent again; `null` if it has not been sent yet. */
  readonly again: Later | null;
}

/**
 * Sends requests in batches of 20; the results are in the order of the requests. Graph throttles each request of a
 * batch separately, so only throttled ones are sent again, each after its own `Retry-After`. Writes go one batch at a
 * time.
 *
 * @param room the write reservation that these requests use
 * @param isGood false once the evidence for the writes is too old; they are then not sent
 * @throws {GraphError} for reads, if a whole batch fails; writes never throw, so that the completed ones are known
 */
export async function sendInBatches(
  http: GraphHttp,
  kind: RequestKind,
  requests: readonly BatchRequest[],
  room?: WriteReservation,
  isGood?: () => boolean,
): Promise<BatchResult[]> {
  const results = new Array<BatchResult>(requests.length);
  const queue: Pending[] = requests.map((request, index) => ({
    request,
    index,
    history: NEVER_REPEATED,
    again: null,
  }));
  const run = new BatchRun(http, kind, queue, results, room, isGood);
  const lanes = kind === "read" ? READ_BATCHES_IN_FLIGHT : 1;
  await Promise.all(Array.from({ length: lanes }, () => run.lane()));
  return results;
}

class BatchRun {
  private failed = false;
  private readonly isMoot = (): boolean => this.failed;

  constructor(
    private readonly http: GraphHttp,
    private readonly kind: RequestKind,
    private readonly queue: Pending[],
    private readonly results: BatchResult[],
    private readonly room: WriteReservation | undefined,
    private readonly isGood: (() => boolean) | undefined,
  ) {}

  /** Sends due requests until the queue is empty. A request that must be repeated stays in this lane's loop. */
  async lane(): Promise<void> {
    try {
      await this.untilEmpty();
    } catch (error) {
      // The result is an error now, so the other lanes stop.
      this.failed = true;
      throw error;
    }
  }

  private async untilEmpty(): Promise<void> {
    const { pauses, observe } = this.http.transport;
    while (this.queue.length > 0 && !this.failed) {
      const due = this.takeDue(pauses.now());
      if (due.length > 0) {
        await this.sendBatch(due);
        continue;
      }
      const first = this.queue
        .map((pending) => this.laterOf(pending))
        .reduce((a, b) => (b.untilMs < a.untilMs ? b : a));
      const { because, limit, status, untilMs } = first;
      observe({ kind: "waiting", because, untilMs, requests: this.queue.length });
      const stop = await pauses.sleep(untilMs - pauses.now(), { because, limit, status, isMoot: this.isMoot });
      if (stop !== null) this.giveUp({ kind: "stopped", reason: stop });
    }
  }

  private takeDue(now: number): Pending[] {
    const due: Pending[] = [];
    for (let at = 0; at < this.queue.length && due.length < REQUESTS_PER_BATCH;) {
      const pending = this.queue[at];
      if (pending !== undefined && this.laterOf(pending).untilMs <= now) due.push(...this.queue.splice(at, 1));
      else at++;
    }
    return due;
  }

  /** A `Retry-After` that another caller received for the same read counts as well. */
  private laterOf({ request, again }: Pending): Later {
    const isProven = this.kind === "provenWrite";
    const ofAll = isProven ? AT_ONCE : this.http.transport.pacer.askedLater.of(request.url);
    return again !== null && again.untilMs >= ofAll.untilMs ? again : ofAll;
  }

  private async sendBatch(due: readonly Pending[]): Promise<void> {
    let answers: Map<string, ItemAnswer>;
    try {
      answers = readAnswers(await this.http.send(this.callFor(due)), this.http.transport.pauses.now());
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      this.settleFailedBatch(due, error.failure);
      return;
    }
    due.forEach((pending, position) => this.settle(pending, answers.get(String(position + 1))));
  }

  private callFor(due: readonly Pending[]): Call {
    return {
      method: "POST",
      url: "/$batch",
      kind: this.kind,
      requests: due.length,
      urls: due.map(({ request }) => request.url),
      cost: costOfAll(due.map(({ request }) => costOf(request.method, request.url))),
      room: this.room,
      isGood: this.isGood,
      isMoot: this.isMoot,
      purpose: due[0]?.request.purpose ?? { operation: "readUsers", id: null },
      body: {
        requests: due.map(({ request }, position) => ({
          id: String(position + 1),
          method: request.method,
          url: request.url,
          ...(request.body === undefined && request.headers === undefined
            ? {}
            : {
                headers: {
                  ...(request.body === undefined ? {} : { "Content-Type": "application/json" }),
                  ...request.headers,
                },
              }),
          ...(request.body === undefined ? {} : { body: request.body }),
        })),
      },
    };
  }

  private settle(pending: Pending, item: ItemAnswer | undefined): void {
    const { pauses, pacer, random, tokens, awaited } = this.http.transport;
    const { method, url } = pending.request;
    // A missing answer is treated as a connection reset for this one request.
    const decision = decideRetry(
      this.kind,
      item ?? { trouble: "reset" },
      pending.history,
      random(),
      isAwaited(url, awaited),
    );
    const history = recordRetry(pending.history, decision);
    const heard = item === undefined ? null : hearQuota(item, item.header, decision);
    if (heard !== null) pacer.hear(costOf(method, url), heard, pauses.now());
    switch (decision.next) {
      case "accept":
        if (item !== undefined && item.status >= 400) {
          pacer.askedLater.noteRefusal(url, this.kind, item, pauses.now());
        }
        this.results[pending.index] = this.resultOf(item, pending.request);
        break;
      case "lost": {
        const detail = item === undefined ? "no answer in the batch" : `status ${item.status} in a batch`;
        this.results[pending.index] = { failure: { kind: "lost", detail } };
        break;
      }
      case "renewToken":
        if (!pending.history.tokenRenewed) tokens.refuse(null);
        // check: a removal is not repeated with a new token
        if (this.kind === "provenWrite") {
          this.results[pending.index] = { failure: TOKEN_REFUSED };
          break;
        }
        this.queue.push({ ...pending, history, again: null });
        break;
      case "repeat": {
        const now = pauses.now();
        const { because, afterMs } = decision;
        const limit = heard?.limit ?? null;
        const again: Later = { untilMs: now + afterMs, because, status: item?.status ?? null, limit };
        if (this.kind === "read" && typeof item?.retryAfterMs === "number") pacer.askedLater.note(url, again, now);
        this.queue.push({ ...pending, history, again });
      }
    }
  }

  private resultOf(item: ItemAnswer | undefined, { url, purpose }: BatchRequest): BatchResult {
    if (item === undefined) {
      return { failure: { kind: "unavailable", status: 504, retryAfterMs: null } };
    }
    if (item.status >= 200 && item.status < 300) return { body: item.body };
    return { failure: orNotYet(classify(item, purpose), this.kind, url, this.http.transport.awaited) };
  }

  private settleFailedBatch(due: readonly Pending[], failure: GraphFailure): void {
    if (this.kind === "read") throw new GraphError(failure);
    // An unreadable success is as uncertain as a lost answer.
    const lost: GraphFailure = { kind: "lost", detail: "the answer to a batch cannot be read" };
    const unreadable = failure.kind === "unexpected" && failure.status < 300;
    for (const { index } of due) this.results[index] = { failure: unreadable ? lost : failure };
    // If nothing was sent, later batches would fail the same way. A lost answer says nothing about the next batch.
    if (failure.kind !== "lost" && !unreadable) this.giveUp(failure);
  }

  /** Requests still in the queue were never sent, so none of them took effect. */
  private giveUp(failure: GraphFailure): void {
    if (this.kind === "read") throw new GraphError(failure);
    for (const { index } of this.queue.splice(0)) this.results[index] = { failure };
  }
}

interface ItemAnswer {
  readonly status: number;
  readonly retryAfterMs: number | null;
  /** @param name in lower case */
  readonly header: (name: string) => string | null;
  readonly body: unknown;
}

/** Maps each request's id to its answer; Graph returns the answers in any order. */
function readAnswers(body: unknown, nowMs: number): Map<string, ItemAnswer> {
  const responses = (body as { responses?: unknown } | null)?.responses;
  if (!Array.isArray(responses)) {
    throw new GraphError({
      kind: "unexpected",
      status: 200,
      code: "",
      message: "a batch was answered without responses",
    });
  }
  const answers = new Map<string, ItemAnswer>();
  for (const response of responses as { id?: unknown; status?: unknown; headers?: unknown; body?: unknown }[]) {
    const status = Number(response.status);
    if (!Number.isInteger(status)) continue;
    const header = (name: string) => headerIn(response.headers, name);
    const retryAfterMs = readRetryAfter(header("retry-after"), nowMs);
    answers.set(String(response.id), { status, retryAfterMs, header, body: response.body ?? null });
  }
  return answers;
}

function headerIn(headers: unknown, name: string): string | null {
  if (typeof headers !== "object" || headers === null) return null;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return found === undefined ? null : String(found[1]);
}
