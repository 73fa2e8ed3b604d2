import type { GraphRequest } from "./message";
import type { Edge } from "./server";

/**
 * The edge without a socket: a `fetch` that hands requests straight to Graph and the sign-in. For tests that ask a hundred
 * thousand times; what a request does and how it is answered is the same as over HTTPS.
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
    // As over a network, the answer arrives later: what is sent meanwhile meets a write that is still under way.
    await new Promise((done) => setImmediate(done));
    release();
    if (response === "dropped") throw connectionReset();
    const text = response.body === undefined ? "" : JSON.stringify(response.body);
    return answer(response.status, response.headers, text);
  };
}

/** What the client reads of a `Response`, without the stream behind one, which costs more than the request itself. */
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

/** As Node's own `fetch` says that a connection broke. */
function connectionReset(): TypeError {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  return new TypeError("fetch failed", { cause });
}
