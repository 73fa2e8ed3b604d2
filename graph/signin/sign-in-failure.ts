import type { AuthorityAnswers } from "./authority-answers";
import { GraphError, type GraphFailure, type SignInReason } from "../client/failure";
import { openIdConfiguration } from "./open-id";
import { visibleText } from "../client/visible-text";

/** Where a sign-in was tried, so that a failure can be looked into. */
export interface SignInPlace {
  readonly graph: string;
  readonly authority: string;
  /** The tenant that the sign-in was for, by id or domain. */
  readonly tenant: string;
  readonly fetch: typeof globalThis.fetch;
  /** Absent: the limits of this folder. */
  readonly timeoutMs: number | undefined;
  readonly answers: AuthorityAnswers;
}

/**
 * Why a sign-in failed. `@azure/identity` tells a refusal by its AADSTS code and missing credentials by an error's name, but
 * hides a network that is down and an authority that does not know the tenant behind one word; so these are asked for again, here.
 */
export async function classifySignIn(error: unknown, place: SignInPlace): Promise<GraphFailure> {
  const text = textOf(error);
  const refusal = refusalIn(text);
  if (refusal !== null) return { kind: "signIn", reason: reasonOf(refusal), detail: refusal };
  const { trouble } = place.answers;
  // An authority that answers with 503 makes the library say that there are no credentials.
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
  // The authority itself can be reached now: it did not answer then.
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
 * The resource that a token is asked for is the Graph host of the stack file: not found in the tenant, disabled in it, not what the
 * app may ask for, or no valid scope. https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const RESOURCE_CODES = new Set(["AADSTS500011", "AADSTS500014", "AADSTS650057", "AADSTS70011", "AADSTS1002012"]);

/**
 * Temporarily unavailable, timed out, a transient error, the directory is unavailable, too many requests: they say nothing about the
 * credentials. https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const TRANSIENT_CODES = new Set(["AADSTS90006", "AADSTS90012", "AADSTS90024", "AADSTS90033", "AADSTS90055"]);

function reasonOf(refusal: string): SignInReason {
  const code = /^AADSTS\d+/.exec(refusal)?.[0] ?? "";
  // Microsoft changes codes at any time; the words of these errors have stayed.
  if (TRANSIENT_CODES.has(code) || /\btransient error\b/i.test(refusal)) return "unavailable";
  return RESOURCE_CODES.has(code) ? "host" : "refused";
}

/** None of the ways to sign in was set up; one that was set up and failed is not "missing". */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "CredentialUnavailableError") return true;
  const within = (error as { errors?: unknown }).errors;
  return error.name === "AggregateAuthenticationError" && Array.isArray(within) && within.every(isMissing);
}

/** See `withinTime` of the token source. */
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
