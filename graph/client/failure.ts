/**
 * All failures of requests to a tenant, classified once: no other code reads a status or a message text. A failure is
 * plain data, so a plan can keep, count and compare it. `GraphError` wraps one to throw it.
 */

/** The rule of Entra that a licence assignment broke. */
export type LicenseRule =
  | "notAssigned"
  | "onlyInherited"
  | "usageLocation"
  | "noSeat"
  | "unknownSku"
  | "skuNotForUsers"
  | "skuNotForGroups"
  | "dependency"
  | "mutuallyExclusive";

/**
 * `host`: the authority issues no token for the configured Graph host. `unavailable`: the authority is down or busy, so
 * nothing is known about the credentials. `expired`: Graph rejects a token that the authority issued.
 */
export type SignInReason = "missing" | "prefixed" | "refused" | "host" | "unavailable" | "expired" | "other";

export type UnreachableReason = "dns" | "refused" | "proxy" | "certificate" | "timeout" | "other";

export type GraphFailure =
  | { readonly kind: "throttled"; readonly retryAfterMs: number }
  /** Not sent: before the request could be sent, the evidence for it had become too old. */
  | { readonly kind: "outdated" }
  /** Not sent: the request had to go at once, and our share of the quota had no room for it. */
  | { readonly kind: "paced"; readonly retryAfterMs: number }
  | { readonly kind: "unavailable"; readonly status: number; readonly retryAfterMs: number | null }
  /** The answer to a write was lost, so the write may or may not have taken effect. Read, then decide again. */
  | { readonly kind: "lost"; readonly detail: string }
  /** No read shows a write that Graph has answered: it lags behind, or could not be made. Read, then decide again. */
  | { readonly kind: "unseen"; readonly detail: string }
  | {
      readonly kind: "unreachable";
      readonly host: string;
      readonly detail: string;
      readonly reason: UnreachableReason;
    }
  | { readonly kind: "signIn"; readonly detail: string; readonly reason: SignInReason }
  | {
      readonly kind: "forbidden";
      readonly operation: string;
      readonly permissions: readonly string[];
      /** Graph's own message; absent if Graph did not send the refusal. */
      readonly message?: string;
    }
  | { readonly kind: "notFound"; readonly id: string | null }
  /** The group exists, but the replica that received the write does not know it yet. The write had no effect. */
  | { readonly kind: "notYet"; readonly id: string | null }
  /** Another write to the same object was in progress. This write had no effect. */
  | { readonly kind: "conflict" }
  | {
      readonly kind: "licenseRule";
      readonly rule: LicenseRule;
      /** The service plans that the message names; for rules about a SKU, the SKU. */
      readonly plans: readonly string[];
      readonly message: string;
    }
  /** One of the users to add is a member already. The write added none of them. */
  | { readonly kind: "alreadyMember" }
  | { readonly kind: "pageExpired" }
  | { readonly kind: "unsupportedQuery"; readonly message: string }
  /** The run was told to stop, for this reason, while the request waited. The request had no effect. */
  | { readonly kind: "stopped"; readonly reason: string }
  | { readonly kind: "unexpected"; readonly status: number; readonly code: string; readonly message: string };

export class GraphError extends Error {
  override readonly name = "GraphError";

  constructor(readonly failure: GraphFailure) {
    super(describeFailure(failure));
  }
}

/** A proven write is not repeated with a new token: it needs a new proof. */
export const TOKEN_REFUSED: GraphFailure = {
  kind: "signIn",
  reason: "expired",
  detail: "Microsoft Graph refused the token (401).",
};

/** Distinguishes a failure from a result in a map that holds both. */
export function isFailure(value: object): value is GraphFailure {
  return "kind" in value;
}

/**
 * The failure inside a `GraphError`.
 *
 * @throws the error itself, if it is of another class: that is a bug
 */
export function failureOf(error: unknown): GraphFailure {
  if (error instanceof GraphError) return error.failure;
  throw error;
}

/** Adds a full stop if there is none: messages of Graph and of the authority come with and without it. */
export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Describes the failure in one or two sentences, with its remedy. */
export function describeFailure(failure: GraphFailure): string {
  switch (failure.kind) {
    case "throttled":
      return `Microsoft Graph asks to wait ${seconds(failure.retryAfterMs)} before the next request (429); the quota of this tenant is used up, by this program or another. Run it again later.`;
    case "outdated":
      return "The request could not be sent in time, and was not sent: what it rests on has to be read again. Run it again later.";
    case "paced":
      return `Our share of the quota of Microsoft Graph is used up for ${seconds(failure.retryAfterMs)}, so the request was not sent. Run it again later, or raise licensing:pace.`;
    case "unavailable":
      return `Microsoft Graph is unavailable (${failure.status}) and did not recover while this program waited. ${
        failure.retryAfterMs === null ? "" : `It asks to wait ${seconds(failure.retryAfterMs)}. `
      }Run it again later; nothing has to be cleaned up.`;
    case "lost":
      return `The answer to a write was lost (${failure.detail}), so it may or may not have been done. Run again: the tenant is read first, and what is missing is done then.`;
    case "unseen":
      return `${failure.detail}, so it counts as not done yet: Graph's reads lag behind its writes at times. Run again: the tenant is read first, and what is missing is done then.`;
    case "unreachable":
      return `${failure.host} cannot be reached: ${failure.detail}. ${UNREACHABLE_REMEDY[failure.reason]}`;
    case "signIn":
      return `Sign-in failed: ${failure.detail} ${SIGN_IN_REMEDY[failure.reason]}`;
    case "forbidden":
      return `The credentials may not ${failure.operation} (403). Grant the application permission ${failure.permissions.join(" and ")} with admin consent, and run again.`;
    case "notFound":
      return `${failure.id === null ? "The object" : `The object ${failure.id}`} does not exist in this tenant (404). It may have been deleted; check its id.`;
    case "notYet":
      return "Entra did not know the group yet (404), as happens for a minute or two after one is made. Run again; nothing has to be cleaned up.";
    case "conflict":
      return "Another change to the same object was under way (409), and this one was not made. Run again.";
    case "licenseRule":
      return `${asSentence(failure.message)} ${LICENSE_RULE_REMEDY[failure.rule]}`;
    case "alreadyMember":
      return "The group has this member already.";
    case "pageExpired":
      return "The listing took so long that its page token expired, twice. Run again when the tenant answers faster.";
    case "unsupportedQuery":
      return `Microsoft Graph does not support a query of this program: ${failure.message} Please report this as a bug.`;
    case "stopped":
      return failure.reason;
    case "unexpected":
      return `Microsoft Graph gave an answer that this program does not understand (${failure.status}${failure.code === "" ? "" : ` ${failure.code}`}): ${asSentence(failure.message)} Run again; if it stays so, please report it with these words.`;
  }
}

/**
 * Graph's own message if there is one, for one object among many: the cause is not a missing permission, so none is
 * named.
 */
export function quoteGraph(failure: GraphFailure): string {
  return "message" in failure ? (failure.message ?? describeFailure(failure)) : describeFailure(failure);
}

const UNREACHABLE_REMEDY: Record<UnreachableReason, string> = {
  dns: "Check the host in licensing:cloud, and the network.",
  refused: "Check the host and port in licensing:cloud, and that the service runs.",
  proxy:
    "Have the proxy allow this host, or correct its user name and password; hosts that are reached without it belong in NO_PROXY.",
  certificate:
    "Its certificate is not trusted: if the host is right, point NODE_EXTRA_CA_CERTS at the certificate of its authority, or of your company where a proxy opens connections (docs/network.md).",
  timeout: "Check the network, the proxy and the firewall, and run again.",
  other: "Check the network, and run again.",
};

const SIGN_IN_REMEDY: Record<SignInReason, string> = {
  missing:
    "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, use workload identity federation or a managed identity, or run `az login`.",
  prefixed:
    "After this prefix set AZURE_CLIENT_ID with AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE. Names without the prefix, and az login, are for other tenants.",
  refused: "Check the tenant id, the client id and the secret or certificate, and that they have not expired.",
  host: "The credentials are not the fault: check the Graph host in licensing:cloud, which this authority does not give tokens for.",
  unavailable: "The credentials are not the fault: run again later; nothing has to be cleaned up.",
  expired: "Run it again; if it is refused again, check that the app is still allowed in this tenant.",
  other: "Check the credentials in the environment; the documentation lists the ways to sign in.",
};

const LICENSE_RULE_REMEDY: Record<LicenseRule, string> = {
  notAssigned: "There was nothing left to remove.",
  onlyInherited: "The licence comes from a group alone; to end it, take the user out of the group.",
  usageLocation: "Set the user's usage location, and run again.",
  noSeat: "Buy seats or free some, and run again.",
  unknownSku:
    "The tenant has no subscription for this SKU, or it has ended: correct the SKU in the stack file, or renew it.",
  skuNotForUsers: "This SKU is for the organisation as a whole; take it out of the stack file.",
  skuNotForGroups:
    "Microsoft gives this SKU to users alone, as it does with many trial and self-service SKUs: take it out of the stack file and leave it direct.",
  dependency: "Put the SKU that has the needed service plan on the same group, or switch the plan that needs it off.",
  mutuallyExclusive: "Switch one of the two service plans off.",
};

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}
