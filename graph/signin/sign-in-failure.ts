import type { AuthorityAnswers } from "./authority-answers";
import { GraphError, type GraphFailure, type SignInReason } from "../client/failure";
import { openIdConfiguration } from "./open-id";
import { visibleText } from "../client/visible-text";

/** The circumstances of a sign-in, for finding the cause of a failure. */
export interface SignInPlace {
  readonly graph: string;
  readonly authority: string;
  /** The id or domain of the tenant. */
  readonly tenant: string;
  readonly fetch: typeof globalThis.fetch;
  /** The limits of this folder if absent. */
  readonly timeoutMs: number | undefined;
  readonly answers: AuthorityAnswers;
}

/**
 * The cause of a failed sign-in. `@azure/identity` reports refusals by AADSTS code and missing credentials by an
 * error's name, but one error for a network that is down and for an unknown tenant. So the authority is asked again to
 * tell these apart.
 */
export async function classifySignIn(error: unknown, place: SignInPlace): Promise<GraphFailure> {
  const text = textOf(error);
  const refusal = refusalIn(text);
  if (refusal !== null) return { kind: "signIn", reason: reasonOf(refusal), detail: refusal };
  const { trouble } = place.answers;
  // If the authority answers 503, the library claims that there are no credentials.
  if (isMissing(error) && trouble === null) {
    return { kind: "signIn", reason: "missing", detail: "No credentials were found on this machine." };
  }
  try {
    const answer = await openIdConfiguration(place.authority, place.tenant, place.fetch, place.timeoutMs);
    if (answer.kind === "refused") {
      return { kind: "signIn", reason: "refused", detail: refusalIn(answer.detail) ?? firstSentence(answer.detail) };
    }
  } catch (unreachable) {
    if (unreachable instanceof GraphError) return unreachable.failure;
    throw unreachable;
  }
  // The authority answers now, but did not then.
  // check: a busy sign-in service is told from a wrong secret
  if (trouble !== null) return { kind: "signIn", reason: "unavailable", detail: trouble };
  if (isLate(error)) return { kind: "signIn", reason: "unavailable", detail: firstSentence(text) };
  return { kind: "signIn", reason: "other", detail: firstSentence(text.split("More details:").at(-1) ?? text) };
}

/** `AADSTS7000215: Invalid client secret provided.` without the trace ids that follow. */
function refusalIn(text: string): string | null {
  const at = text.search(/AADSTS\d+/);
  return at < 0 ? null : firstSentence(text.slice(at));
}

/**
 * The Graph host of the stack file is the resource of the token. These codes: not found in the tenant, disabled in it,
 * not allowed for the app, or not a valid scope.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const RESOURCE_CODES = new Set(["AADSTS500011", "AADSTS500014", "AADSTS650057", "AADSTS70011", "AADSTS1002012"]);

/**
 * Unavailable, timed out, transient, directory unavailable, too many requests: nothing is known about the credentials.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const TRANSIENT_CODES = new Set(["AADSTS90006", "AADSTS90012", "AADSTS90024", "AADSTS90033", "AADSTS90055"]);

function reasonOf(refusal: string): SignInReason {
  const code = /^AADSTS\d+/.exec(refusal)?.[0] ?? "";
  // Microsoft may change codes at any time; the words of these errors have stayed the same.
  if (TRANSIENT_CODES.has(code) || /\btransient error\b/i.test(refusal)) return "unavailable";
  return RESOURCE_CODES.has(code) ? "host" : "refused";
}

/** True if no way to sign in was set up; one that was set up and failed is not "missing". */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "CredentialUnavailableError") return true;
  const within = (error as { errors?: unknown }).errors;
  return error.name === "AggregateAuthenticationError" && Array.isArray(within) && within.every(isMissing);
}

/** The error of `withinTime` in token-source.ts. */
function isLate(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstSentence(text: string): string {
  const line = visibleText(text.trim().split(/\r?\n/, 1)[0] ?? "");
  const end = line.search(/\.(\s|$)/);
  return end < 0 ? `${line.replace(/[\s,.]+$/, "")}.` : line.slice(0, end + 1);
}
