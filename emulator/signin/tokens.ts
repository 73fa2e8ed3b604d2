import { createSign, createVerify, generateKeyPair, type KeyObject, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import type { App, Guid } from "../directory/entities";
import { GraphError } from "../graph-error";

/** The app that a token identifies. */
export interface Caller {
  readonly appId: Guid;
  readonly name: string;
  readonly permissions: ReadonlySet<string>;
}

interface Claims {
  readonly aud: string;
  readonly tid: Guid;
  readonly appid: Guid;
  readonly app_displayname: string;
  readonly roles: readonly string[];
  readonly exp: number;
}

const keptTokens = 1000;

export interface TokenKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Asynchronous, because generating an RSA key takes a while. */
export function makeTokenKeys(): Promise<TokenKeys> {
  return promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
}

/** Issues signed access tokens at sign-in and checks them on every call. */
export class Tokens {
  readonly #verified = new Map<string, Claims>();

  constructor(
    private readonly keyPair: TokenKeys,
    readonly lifetimeSeconds: number,
    /** The clock by which tokens expire. */
    readonly nowMs: () => number,
  ) {}

  keys(): object {
    return {
      keys: [{ ...this.keyPair.publicKey.export({ format: "jwk" }), use: "sig", kid: "embedded", alg: "RS256" }],
    };
  }

  issue(app: App, tenantId: Guid, issuer: string, audience: string): string {
    const nowSeconds = Math.floor(this.nowMs() / 1000);
    const claims = {
      aud: audience,
      iss: issuer,
      iat: nowSeconds,
      nbf: nowSeconds,
      exp: nowSeconds + this.lifetimeSeconds,
      appid: app.clientId,
      app_displayname: app.name,
      appidacr: "1",
      idtyp: "app",
      // The app's service principal. In the real service it has its own id.
      oid: app.clientId,
      roles: app.permissions,
      tid: tenantId,
      uti: randomUUID(),
      ver: "1.0",
    };
    const signed = `${part({ typ: "JWT", alg: "RS256", kid: "embedded" })}.${part(claims)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(this.keyPair.privateKey, "base64url")}`;
  }

  /** Returns the caller of a request; throws the 401 error if the token is not valid. */
  check(authorization: string | undefined, tenantId: Guid): Caller {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) throw unauthorized("Access token is empty.");
    const claims = this.#claims(token);
    if (claims.exp * 1000 <= this.nowMs()) throw unauthorized("Lifetime validation failed, the token is expired.");
    if (claims.tid !== tenantId) throw unauthorized("Access token validation failure. Invalid tenant.");
    return { appId: claims.appid, name: claims.app_displayname, permissions: new Set(claims.roles) };
  }

  #claims(token: string): Claims {
    const known = this.#verified.get(token);
    if (known) return known;
    const [head = "", payload = "", signature = "", ...rest] = token.split(".");
    if (signature === "" || rest.length > 0)
      throw unauthorized("IDX14100: JWT is not well formed, there are no dots (.).");
    if (!createVerify("RSA-SHA256").update(`${head}.${payload}`).verify(this.keyPair.publicKey, signature, "base64url"))
      throw unauthorized("Access token validation failure. Invalid signature.");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
    if (this.#verified.size >= keptTokens) this.#verified.clear();
    this.#verified.set(token, claims);
    return claims;
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function unauthorized(message: string): GraphError {
  return new GraphError(401, "InvalidAuthenticationToken", message, { "www-authenticate": 'Bearer realm=""' });
}
