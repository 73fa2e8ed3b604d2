import assert from "node:assert/strict";

import {
  decideRetry,
  NEVER_REPEATED,
  recordRetry,
  type Answer,
  type RequestKind,
  type RetryDecision,
  type RetryHistory,
} from "../../graph/client/retry";
import { readRetryAfter } from "../../graph/client/retry-after";

const LONGEST_JITTER = 1;

function decide(kind: RequestKind, answer: Answer, history: Partial<RetryHistory> = {}): RetryDecision {
  return decideRetry(kind, answer, { ...NEVER_REPEATED, ...history }, LONGEST_JITTER);
}

function status(code: number, retryAfterMs: number | null = null): Answer {
  return { status: code, retryAfterMs };
}

describe("what is sent again, and when", () => {
  const throttledFor = (afterMs: number): RetryDecision => ({ next: "repeat", because: "throttled", afterMs });
  const unavailableFor = (afterMs: number): RetryDecision => ({ next: "repeat", because: "unavailable", afterMs });
  const unreachableFor = (afterMs: number): RetryDecision => ({ next: "repeat", because: "unreachable", afterMs });
  const accept: RetryDecision = { next: "accept" };
  const lost: RetryDecision = { next: "lost" };

  const table: [what: string, answer: Answer, read: RetryDecision, write: RetryDecision][] = [
    ["200", status(200), accept, accept],
    ["202", status(202), accept, accept],
    ["400", status(400), accept, accept],
    ["403", status(403), accept, accept],
    ["404", status(404), accept, accept],
    ["409", status(409), accept, accept],
    ["401, the first time", status(401), { next: "renewToken" }, { next: "renewToken" }],
    ["429 with Retry-After", status(429, 7_000), throttledFor(7_000), throttledFor(7_000)],
    ["429 without Retry-After", status(429), throttledFor(500), throttledFor(500)],
    ["429 that asks for more than we wait", status(429, 3_600_000), accept, accept],
    [
      "503 with Retry-After: the service itself refused",
      status(503, 2_000),
      unavailableFor(2_000),
      unavailableFor(2_000),
    ],
    ["503 without: perhaps a proxy before a write", status(503), unavailableFor(500), lost],
    ["500", status(500), unavailableFor(500), lost],
    ["502", status(502), unavailableFor(500), lost],
    ["504", status(504), unavailableFor(500), lost],
    ["504 with Retry-After: still may have been done", status(504, 2_000), unavailableFor(2_000), lost],
    ["no such host", { trouble: "dns" }, unreachableFor(500), unreachableFor(500)],
    ["connection refused", { trouble: "refused" }, unreachableFor(500), unreachableFor(500)],
    ["connection not made in time", { trouble: "connectTimeout" }, unreachableFor(500), unreachableFor(500)],
    ["connection reset", { trouble: "reset" }, unreachableFor(500), lost],
    ["no answer in time", { trouble: "timeout" }, unreachableFor(500), lost],
    ["anything else on the network", { trouble: "other" }, unreachableFor(500), lost],
    ["certificate not trusted", { trouble: "certificate" }, accept, accept],
  ];
  for (const [what, answer, read, write] of table) {
    it(what, () => {
      assert.deepEqual(decide("read", answer), read);
      assert.deepEqual(decide("write", answer), write);
      // After a wait a proof is old: what a write would repeat is handed back instead.
      assert.deepEqual(decide("provenWrite", answer), write.next === "repeat" ? accept : write);
    });
  }

  it("a 401 with a new token is final", () => {
    assert.deepEqual(decide("read", status(401), { tokenRenewed: true }), accept);
  });

  it("each cause has its own end", () => {
    assert.deepEqual(decide("read", status(429, 1_000), { throttled: 19 }), throttledFor(1_000));
    assert.deepEqual(decide("read", status(429, 1_000), { throttled: 20 }), accept);
    assert.deepEqual(decide("read", status(504), { unavailable: 6 }), accept);
    assert.deepEqual(decide("read", { trouble: "refused" }, { unreachable: 3 }), accept);
    assert.deepEqual(decide("read", { trouble: "refused" }, { throttled: 20, unavailable: 6 }), unreachableFor(500));
  });

  it("pauses double up to half a minute, and jitter takes away half at most", () => {
    const pauses = [0, 1, 2, 3, 4, 5].map((unavailable) => {
      const history = { ...NEVER_REPEATED, unavailable };
      const [short, long] = [0, 1].map((jitter) => decideRetry("read", status(500), history, jitter));
      assert.ok(short?.next === "repeat" && long?.next === "repeat");
      return [short.afterMs, long.afterMs];
    });
    assert.deepEqual(pauses, [
      [250, 500],
      [500, 1_000],
      [1_000, 2_000],
      [2_000, 4_000],
      [4_000, 8_000],
      [8_000, 16_000],
    ]);
    const late = decideRetry("read", status(429), { ...NEVER_REPEATED, throttled: 19 }, 1);
    assert.deepEqual(late, throttledFor(30_000));
  });

  it("a group that is known to be there is asked for again for up to two minutes, and a write is not", () => {
    const pauses: number[] = [];
    for (let notYet = 0; ; notYet += 1) {
      const decision = decideRetry("read", status(404), { ...NEVER_REPEATED, notYet }, LONGEST_JITTER, true);
      if (decision.next !== "repeat") break;
      assert.equal(decision.because, "notYet");
      pauses.push(decision.afterMs);
    }
    const sum = pauses.reduce((a, b) => a + b);
    assert.ok(sum > 100_000 && sum <= 120_000, pauses.join());
    assert.deepEqual(decideRetry("write", status(404), NEVER_REPEATED, LONGEST_JITTER, true), accept);
  });

  it("the history counts by cause", () => {
    const after = [throttledFor(1), unavailableFor(1), throttledFor(1), { next: "renewToken" } as const, accept].reduce(
      recordRetry,
      NEVER_REPEATED,
    );
    assert.deepEqual(after, { throttled: 2, unavailable: 1, unreachable: 0, notYet: 0, tokenRenewed: true });
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  const table: [header: string | null | undefined, ms: number | null][] = [
    ["10", 10_000],
    ["0.25", 250],
    ["1.0001", 1_001],
    ["0", 0],
    ["-3", 0],
    [" 2 ", 2_000],
    ["Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
    ["Sun, 01 Mar 2026 11:00:00 GMT", 0],
    ["soon", null],
    ["", null],
    [null, null],
    [undefined, null],
  ];
  for (const [header, ms] of table) {
    it(`${String(header)} is ${String(ms)} ms`, () => assert.equal(readRetryAfter(header, now), ms));
  }
});
