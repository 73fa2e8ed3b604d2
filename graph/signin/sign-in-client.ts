import {
  createHttpHeaders,
  RestError,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";

import { networkTroubleOf } from "../client/network-trouble";
import type { Fetch } from "../client/proxied-fetch";

/**
 * Sends the requests of `@azure/identity` with our `fetch`, so that one rule decides which hosts go through the proxy.
 * The library's rule knows no `*`, ports or subdomains in NO_PROXY.
 */
export function signInClient(fetch: Fetch): HttpClient {
  return {
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      const { url, method, body, timeout, abortSignal } = request;
      const signals = [
        ...(abortSignal instanceof AbortSignal ? [abortSignal] : []),
        ...(timeout > 0 ? [AbortSignal.timeout(timeout)] : []),
      ];
      try {
        const response = await fetch(url, {
          method,
          headers: request.headers.toJSON({ preserveCase: true }),
          redirect: "manual",
          signal: AbortSignal.any(signals),
          ...(typeof body === "string" ? { body } : {}),
        });
        const headers = createHttpHeaders(Object.fromEntries(response.headers));
        return { request, status: response.status, headers, bodyAsText: await response.text() };
      } catch (error) {
        if (signals.some(({ aborted }) => aborted)) throw error;
        const { code = RestError.REQUEST_SEND_ERROR } = (error as Error).cause as { code?: string };
        throw new RestError(networkTroubleOf(error).detail, { code, request });
      }
    },
  };
}
