import { GraphError, type GraphFailure, type SignInReason } from "./failure";
import { openIdConfiguration } from "./open-id";

/** Where a sign-in was tried, so that a failure can be looked into. */
export interface SignInPlace {
  readonly graph: string;
  readonly authority: string;
  /** The tenant that the sign-in was for, by id or domain. */
  readonly tenant: string;
  readonly fetch: typeof globalThis.fetch;
  /** Absent: the limits of this folder. */
  readonly timeoutMs: number | undefined;
}

/**
 * Why a sign-in failed. `@azure/identity` tells a refusal by its AADSTS code and missing credentials by an error's name, but
 * hides a network that is down and an authority that does not know the tenant behind one word; so these are asked for again, here.
 */
export async function classifySignIn(error: unknown, place: SignInPlace): Promise<GraphFailure> {
  const text = textOf(error);
  const refusal = refusalIn(text);
  if (refusal !== null) return { kind: "signIn", reason: reasonOf(refusal), detail: refusal };
  if (isMissing(error)) {
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

function reasonOf(refusal: string): SignInReason {
  return RESOURCE_CODES.has(/^AADSTS\d+/.exec(refusal)?.[0] ?? "") ? "host" : "refused";
}

/** None of the ways to sign in was set up; one that was set up and failed is not "missing". */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "CredentialUnavailableError") return true;
  const within = (error as { errors?: unknown }).errors;
  return error.name === "AggregateAuthenticationError" && Array.isArray(within) && within.every(isMissing);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstSentence(text: string): string {
  const line = text.trim().split(/\r?\n/, 1)[0] ?? "";
  const end = line.search(/\.(\s|$)/);
  return end < 0 ? `${line.replace(/[\s,.]+$/, "")}.` : line.slice(0, end + 1);
}
