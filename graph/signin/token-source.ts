import type { AccessToken, TokenCredential } from "@azure/core-auth";

import { GraphError } from "../client/failure";
import { SIGN_IN_TIMEOUT_MS, TOKEN_RENEWAL_MARGIN_MS } from "../client/limits";
import { classifySignIn, type SignInPlace } from "./sign-in-failure";

/**
 * One access token for all requests, renewed before it expires or after Graph refused it. Cached here because not every
 * credential caches: `az login` starts a process for each token.
 */
export class TokenSource {
  private credential: TokenCredential | null = null;
  private current: { token: AccessToken; renewAtMs: number } | null = null;
  private underWay: Promise<string> | null = null;

  /**
   * @param newCredential creates a credential without a cache, so that a token that Graph refused is not returned again
   */
  constructor(
    private readonly newCredential: () => TokenCredential,
    private readonly place: SignInPlace,
  ) {}

  /**
   * A valid token; signs in if there is none. The SDK's authentication handler calls this for each request.
   *
   * @throws {GraphError} `signIn` or `unreachable`
   */
  getAccessToken(): Promise<string> {
    if (this.current !== null && Date.now() < this.current.renewAtMs) return Promise.resolve(this.current.token.token);
    this.underWay ??= this.signIn().finally(() => (this.underWay = null));
    return this.underWay;
  }

  /**
   * Renews a token that would be due within `ms`, before work that must not wait for a sign-in.
   *
   * @throws {GraphError} `signIn` or `unreachable`
   */
  async renewFor(ms: number): Promise<void> {
    const { current } = this;
    if (current !== null && Date.now() < current.renewAtMs && Date.now() + ms >= current.renewAtMs) this.current = null;
    await this.getAccessToken();
  }

  /**
   * Graph has refused a token (`null`: the one in use). If several requests report the same token, only the first
   * causes a new sign-in.
   */
  refuse(token: string | null): void {
    if (this.current === null || (token !== null && this.current.token.token !== token)) return;
    this.current = null;
    this.credential = null;
  }

  private async signIn(): Promise<string> {
    const token = await this.askForToken();
    if (token === null) {
      throw new GraphError({ kind: "signIn", reason: "missing", detail: "The credential gave no token." });
    }
    const now = Date.now();
    const lifetimeMs = Math.max(0, token.expiresOnTimestamp - now);
    const marginMs = Math.min(TOKEN_RENEWAL_MARGIN_MS, lifetimeMs / 2);
    this.current = { token, renewAtMs: now + lifetimeMs - marginMs };
    return token.token;
  }

  private async askForToken(): Promise<AccessToken | null> {
    this.place.answers.forget();
    try {
      this.credential ??= this.newCredential();
      const token = this.credential.getToken(`${this.place.graph}/.default`);
      return await withinTime(token, this.place.timeoutMs ?? SIGN_IN_TIMEOUT_MS);
    } catch (error) {
      if (error instanceof GraphError) throw error;
      throw new GraphError(await classifySignIn(error, this.place));
    }
  }
}

/** `@azure/identity` would wait for an authority without limit. */
async function withinTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(Object.assign(new Error(`No answer within ${timeoutMs / 1000} s.`), { name: "TimeoutError" }));
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
