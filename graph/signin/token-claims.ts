import type { Guid } from "../../licensing/model";
import { parseVisible } from "../client/visible-text";

/** The signed-in app or user and its permissions, from the token. The signature is not checked: Graph does that. */
export interface SignedIn {
  readonly as: "app" | "user" | "unknown";
  readonly name: string | null;
  /** The app's client id; for a user, that of the app that the user signed in with. */
  readonly appId: Guid | null;
  /** Object id of the app's service principal, or of the user. */
  readonly objectId: Guid | null;
  readonly isManagedIdentity: boolean;
  /** Application permissions of an app, delegated ones of a user; `null` if the token does not say. */
  readonly permissions: readonly string[] | null;
  /** Directory roles of a user, by template id. */
  readonly roles: readonly Guid[];
}

const UNKNOWN: SignedIn = {
  as: "unknown",
  name: null,
  appId: null,
  objectId: null,
  isManagedIdentity: false,
  permissions: null,
  roles: [],
};

/** https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
export function signedInAs(token: string): SignedIn {
  const claims = claimsOf(token);
  if (claims === null) return UNKNOWN;
  const text = (name: string) => (typeof claims[name] === "string" && claims[name] !== "" ? claims[name] : null);
  const list = (name: string) =>
    Array.isArray(claims[name]) ? claims[name].filter((each): each is string => typeof each === "string") : null;
  const scopes = text("scp");
  const isUser = scopes !== null || text("idtyp") === "user";
  const isApp = !isUser && (text("idtyp") === "app" || list("roles") !== null || text("appidacr") !== null);
  return {
    as: isUser ? "user" : isApp ? "app" : "unknown",
    name: isUser ? (text("upn") ?? text("unique_name") ?? text("name")) : text("app_displayname"),
    appId: (text("appid") ?? text("azp"))?.toLowerCase() ?? null,
    objectId: text("oid")?.toLowerCase() ?? null,
    isManagedIdentity: text("xms_mirid") !== null,
    // The token of an app without any permission has no `roles` claim.
    permissions: isUser
      ? (scopes ?? "").split(" ").filter((scope) => scope !== "")
      : isApp
        ? (list("roles") ?? [])
        : null,
    roles: (list("wids") ?? []).map((id) => id.toLowerCase()),
  };
}

/** When the token expires, in milliseconds since 1970; `null` if it does not say. */
export function endOfToken(token: string): number | null {
  const { exp } = claimsOf(token) ?? {};
  return typeof exp === "number" ? exp * 1_000 : null;
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | null {
  const payload = token.split(".")[1];
  if (payload === undefined) return null;
  try {
    const claims = parseVisible(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
