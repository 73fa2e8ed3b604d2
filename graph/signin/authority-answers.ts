import type { TokenCredentialOptions } from "@azure/identity";

import { hostOf } from "./clouds";

type PipelinePolicy = NonNullable<TokenCredentialOptions["additionalPolicies"]>[number]["policy"];

/** What the authority said last in a sign-in: the errors of `@azure/identity` keep neither the status nor the broken connection. */
export class AuthorityAnswers {
  #last: number | "no answer" | null = null;

  note(answer: number | "no answer"): void {
    this.#last = answer;
  }

  forget(): void {
    this.#last = null;
  }

  /** What the authority said about itself and not about the credentials, in words; `null`: nothing of that kind. */
  get trouble(): string | null {
    if (this.#last === "no answer") return "The connection to the authority broke.";
    return this.#last !== null && isTransientStatus(this.#last) ? `The authority answers ${this.#last}.` : null;
  }
}

/** Timed out, too many requests, out of order: none of them is an answer about credentials or a tenant. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Only the authority: a machine without a managed identity breaks the connection to that one each time. */
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
