import { asSentence, type GraphFailure } from "./failure";
import { brokenLicenseRule } from "./license-rules";
import { OPERATIONS, type Operation } from "../diagnostics/permissions";

/** An error answer to a whole request or to one request in a batch. */
export interface RefusedAnswer {
  readonly status: number;
  readonly retryAfterMs: number | null;
  /** The parsed body, if any. */
  readonly body: unknown;
}

/** The operation and object of a request, for messages about a missing permission or object. */
export interface Purpose {
  readonly operation: Operation;
  readonly id: string | null;
}

/** By code, or in Graph's words: `The tenant needs to have Microsoft Entra ID P2 …`, `The tenant needs an AAD Premium 2 license.` */
export const NO_LICENSE =
  /PremiumLicenseRequired|PimLicenseRequired|NonPremium|tenant needs (to have |an )?(Microsoft Entra ID|AAD Premium)/i;

/** Graph's words before Privileged Identity Management has been opened once, with 400 or with 403. */
export const NOT_ONBOARDED = /has not onboarded to PIM/i;

/** Maps an error answer to a `GraphFailure`. No other code reads Graph's statuses, codes or message texts. */
export function classify(answer: RefusedAnswer, purpose: Purpose): GraphFailure {
  const { status, retryAfterMs } = answer;
  const { code, message } = errorIn(answer.body);
  const unexpected: GraphFailure = { kind: "unexpected", status, code, message };

  // Graph reports expired page tokens, unsupported queries and broken licence rules all as 400.
  if (/PageToken/i.test(code)) return { kind: "pageExpired" };
  if (code === "Request_UnsupportedQuery" || /^Complex query on property/i.test(message)) {
    return { kind: "unsupportedQuery", message };
  }
  switch (status) {
    case 400: {
      if (/added object references already exist/i.test(message)) return { kind: "alreadyMember" };
      const broken = brokenLicenseRule(message);
      return broken === null ? unexpected : { kind: "licenseRule", ...broken, message };
    }
    case 401:
      return { kind: "signIn", reason: "refused", detail: asSentence(`${code}: ${message}`) };
    case 403: {
      // The tenant lacks this feature of Entra ID: no permission is missing.
      if ([NO_LICENSE, NOT_ONBOARDED].some((words) => words.test(`${code} ${message}`))) return unexpected;
      const { words, permissions } = OPERATIONS[purpose.operation];
      return { kind: "forbidden", operation: words, permissions, message };
    }
    case 404:
      return { kind: "notFound", id: purpose.id };
    case 409:
    case 412:
    case 423:
      return { kind: "conflict" };
    case 429:
      return { kind: "throttled", retryAfterMs: retryAfterMs ?? 0 };
    case 408:
    case 500:
    case 502:
    case 503:
    case 504:
      return { kind: "unavailable", status, retryAfterMs };
    default:
      return unexpected;
  }
}

/** Reads `{error: {code, message}}`; any part may be missing. */
function errorIn(body: unknown): { code: string; message: string } {
  const error = propertyOf(body, "error");
  const code = propertyOf(error, "code");
  const message = propertyOf(error, "message");
  return {
    code: typeof code === "string" ? code : "",
    message: typeof message === "string" ? message : typeof error === "string" ? error : "no message",
  };
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
