import assert from "node:assert/strict";
import { hearQuota, type QuotaSignal } from "../../../graph/pacing/quota-signal";
import type { RetryDecision } from "../../../graph/client/retry";

const APP_AND_TENANT = "9a3d526c-b3c1-4479-ba74-197b5c5751ae/0785ef7c-2d7a-4542-b048-95bcab406e0b";
const ACCEPT: RetryDecision = { next: "accept" };

function hear(
  headers: Readonly<Record<string, string>>,
  status = 429,
  retryAfterMs: number | null = 7_000,
  decision: RetryDecision = ACCEPT,
): QuotaSignal {
  return hearQuota({ status, retryAfterMs }, (name) => headers[name] ?? null, decision);
}

describe("what an answer says of the quotas", () => {
  it("nothing, mostly", () => {
    assert.deepEqual(hear({}, 200, null), { throttledForMs: null, limit: null, fullness: null });
    assert.deepEqual(hear({}, 503), { throttledForMs: null, limit: null, fullness: null });
  });

  it("how full one is", () => {
    const fullness = (text: string) => hear({ "x-ms-throttle-limit-percentage": text }, 200, null).fullness;
    assert.deepEqual(["0.85", "1.8", "", "much", "-1"].map(fullness), [0.85, 1.8, null, null, null]);
  });

  for (const [name, text, limit] of [
    ["x-ms-throttle-information", "WriteLimitExceeded", "writes"],
    ["x-ms-throttle-information", "ResourceUnitLimitExceeded", "units"],
    ["x-ms-throttle-information", "CPULimitExceeded", null],
    ["x-ms-throttle-scope", `Tenant_Application/Write/${APP_AND_TENANT}`, "writes"],
    ["x-ms-throttle-scope", `Tenant_Application/ReadWrite/${APP_AND_TENANT}`, "units"],
    ["x-ms-throttle-scope", `Tenant_Application/Read/${APP_AND_TENANT}`, null],
    ["x-ms-throttle-scope", "Write", null],
  ] as const) {
    it(`which one refuses, by ${name}: ${text}`, () => {
      assert.deepEqual(hear({ [name]: text }), { throttledForMs: 7_000, limit, fullness: null });
    });
  }

  it("how long all have to wait: as Graph says, else as long as the request itself, else a moment", () => {
    const later: RetryDecision = { next: "repeat", because: "throttled", afterMs: 500 };
    assert.deepEqual(
      [hear({}, 429, 7_000, later), hear({}, 429, null, later), hear({}, 429, null)].map(
        (heard) => heard.throttledForMs,
      ),
      [7_000, 500, 1_000],
    );
  });
});
