import type { Guid } from "../directory/entities";
import { GraphError } from "../graph-error";

export interface ThrottleOptions {
  /** Writes per app and window. Documented: 3,000 in 150 s. */
  readonly writes?: number;
  readonly writesWindowMs?: number;
  /** Resource units per app and window. Documented: 3,500, 5,000 or 8,000 in 10 s, by the tenant's size. */
  readonly units?: number;
  readonly unitsWindowMs?: number;
  /** Requests to the audit log per window. Documented: 5 in 10 s. */
  readonly audits?: number;
  readonly auditsWindowMs?: number;
  /** Divides windows and waits by this factor. */
  readonly speedUp?: number;
}

interface Price {
  readonly units: number;
  readonly writes: number;
  readonly audits: number;
}

interface Quota {
  readonly scope: string;
  readonly information: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly price: (price: Price) => number;
}

interface Window {
  endsMs: number;
  spent: number;
}

const unitsIn10s = (users: number) => (users < 50 ? 3_500 : users <= 500 ? 5_000 : 8_000);

/** Graph's quotas for one app in one tenant. A refused request costs nothing. */
export class Throttle {
  readonly #quotas: readonly Quota[];
  readonly #windows = new Map<string, Window>();

  constructor(
    options: ThrottleOptions,
    users: number,
    readonly tenantId: Guid,
  ) {
    const faster = options.speedUp ?? 1;
    this.#quotas = [
      {
        scope: "Write",
        information: "WriteLimitExceeded",
        limit: options.writes ?? 3_000,
        windowMs: (options.writesWindowMs ?? 150_000) / faster,
        price: ({ writes }) => writes,
      },
      {
        scope: "ReadWrite",
        information: "ResourceUnitLimitExceeded",
        limit: options.units ?? unitsIn10s(users),
        windowMs: (options.unitsWindowMs ?? 10_000) / faster,
        price: ({ units }) => units,
      },
      {
        scope: "Read",
        information: "RequestLimitExceeded",
        limit: options.audits ?? 5,
        windowMs: (options.auditsWindowMs ?? 10_000) / faster,
        price: ({ audits }) => audits,
      },
    ];
  }

  /** Charges the price and returns the quota headers; throws the 429 error if the window is full. */
  take(appId: Guid, price: Price, nowMs: number): Readonly<Record<string, string>> {
    const due = this.#quotas.filter((quota) => quota.price(price) > 0);
    for (const quota of due) {
      const window = this.#window(quota, appId, nowMs);
      if (window.spent + quota.price(price) > quota.limit) throw this.#refusal(quota, appId, window.endsMs - nowMs);
    }
    let fullest = 0;
    for (const quota of due) {
      const window = this.#window(quota, appId, nowMs);
      window.spent += quota.price(price);
      fullest = Math.max(fullest, window.spent / quota.limit);
    }
    return fullest < 0.8 ? {} : { "x-ms-throttle-limit-percentage": fullest.toFixed(2) };
  }

  #refusal(quota: Quota, appId: Guid, waitMs: number): GraphError {
    return new GraphError(429, "TooManyRequests", "Too many requests.", {
      "retry-after": (Math.ceil(waitMs) / 1000).toString(),
      "x-ms-throttle-scope": `Tenant_Application/${quota.scope}/${appId}/${this.tenantId}`,
      "x-ms-throttle-information": quota.information,
    });
  }

  #window(quota: Quota, appId: Guid, nowMs: number): Window {
    const key = `${quota.scope} ${appId}`;
    let window = this.#windows.get(key);
    if (!window || window.endsMs <= nowMs) {
      window = { endsMs: nowMs + quota.windowMs, spent: 0 };
      this.#windows.set(key, window);
    }
    return window;
  }
}
