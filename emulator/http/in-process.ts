import type { GraphRequest } from "./message";
import type { Edge } from "./server";

/**
 * A `fetch` that calls the embedded Graph and the sign-in service directly, without a socket, for tests with 100,000 requests.
 * Requests and responses are the same as over HTTPS.
 */
export function inProcess(edge: Edge): typeof globalThis.fetch {
  return async (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    const method = init?.method ?? "GET";
    const body = typeof init?.body === "string" ? init.body : "";
    const signedIn = edge.signIn({ method, path: pathname, body });
    if (signedIn !== undefined) return Response.json(signedIn.body, { status: signedIn.status });
    const headers = Object.fromEntries(new Headers(init?.headers as Record<string, string>));
    const request: GraphRequest = {
      method,
      url: `${pathname}${search}`,
      headers,
      body: body === "" ? undefined : JSON.parse(body),
    };
    const { response, release } = await edge.graph(request);
    // Respond asynchronously, as over a network, so that requests sent meanwhile conflict with a write in progress.
    await new Promise((done) => setImmediate(done));
    release();
    if (response === "dropped") throw connectionReset();
    const text = response.body === undefined ? "" : JSON.stringify(response.body);
    return answer(response.status, response.headers, text);
  };
}

/** The part of `Response` that clients read. A real one has a stream, which costs more than the request itself. */
function answer(status: number, headers: Readonly<Record<string, string>>, text: string): Response {
  const read: Partial<Response> = {
    status,
    ok: status >= 200 && status < 300,
    statusText: "",
    headers: new Headers(headers),
    text: () => Promise.resolve(text),
    json: () => Promise.resolve(JSON.parse(text)),
    arrayBuffer: () => Promise.resolve(new TextEncoder().encode(text).buffer),
  };
  return read as Response;
}

/** The error that Node's `fetch` throws for a broken connection. */
function connectionReset(): TypeError {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  return new TypeError("fetch failed", { cause });
}
