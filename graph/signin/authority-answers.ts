import type { TokenCredentialOptions } from "@azure/identity";

import { hostOf } from "./clouds";

type PipelinePolicy = NonNullable<TokenCredentialOptions["additionalPolicies"]>[number]["policy"];

/**
 * The authority's last answer in a sign-in: errors of `@azure/identity` keep neither the status nor the connection
 * error.
 */
export class AuthorityAnswers {
  #last: number | "no answer" | null = null;

  note(answer: number | "no answer"): void {
    this.#last = answer;
  }

  forget(): void {
    this.#last = null;
  }

  /** The trouble of the authority itself, as a sentence; `null` if it answered. */
  get trouble(): string | null {
    if (this.#last === "no answer") return "The connection to the authority broke.";
    return this.#last !== null && isTransientStatus(this.#last) ? `The authority answers ${this.#last}.` : null;
  }
}

/** Time-out, too many requests or out of order: such an answer says nothing about credentials or a tenant. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Records answers of the authority alone: requests to the managed identity fail on every machine without one. */
export function observing(answers: AuthorityAnswers, authority: string): PipelinePolicy {
  return {
    name: "observing the authority",
    async sendRequest(request, next) {
      const isAuthority = hostOf(request.url) === hostOf(authority);
      try {
        const response = await next(request);
        if (isAuthority) answers.note(response.status);
        return response;
      } catch (error) {
        if (isAuthority) answers.note("no answer");
        throw error;
      }
    },
  };
}
