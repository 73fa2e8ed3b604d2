import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Certificate } from "./certificate";
import type { GraphRequest, GraphResponse } from "./message";

export interface Edge {
  readonly signIn: (request: { method: string; path: string; body: string }) => GraphResponse | undefined;
  readonly graph: (request: GraphRequest) => Promise<{ response: GraphResponse | "dropped"; release: () => void }>;
  /** Delay of each response of Graph. */
  readonly latencyMs: number;
}

/** Starts the HTTPS server, which converts bytes to requests and responses to bytes. */
export async function listen(edge: Edge, certificate: Certificate, host: string, port: number): Promise<Server> {
  const server = createServer(
    { key: certificate.key, cert: certificate.cert, keepAlive: true },
    (request, response) => {
      void serve(edge, request, response);
    },
  );
  server.keepAliveTimeout = 60_000;
  await openPort(server, host, port);
  return server;
}

/** Opens the port; also used to reopen it. */
export async function openPort(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, host, done);
  });
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function serve(edge: Edge, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readAll(request);
    const method = request.method ?? "GET";
    const url = request.url ?? "/";
    const signedIn = edge.signIn({ method, path: url.split("?")[0] ?? "/", body });
    if (signedIn) {
      send(response, signedIn);
      return;
    }
    await serveGraph(edge, { method, url, headers: flat(request), body: parse(body) }, response);
  } catch (error) {
    // A bug in the embedded Graph, not in the request: answer 500, so that a test notices it.
    const message = `embedded Graph: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    send(response, { status: 500, headers: {}, body: { error: { code: "EmbeddedGraph_InternalError", message } } });
  }
}

async function serveGraph(edge: Edge, request: GraphRequest, response: ServerResponse): Promise<void> {
  const { response: answer, release } = await edge.graph(request);
  try {
    if (edge.latencyMs > 0) await new Promise((done) => setTimeout(done, edge.latencyMs));
  } finally {
    release();
  }
  if (answer === "dropped") response.destroy();
  else send(response, answer);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Parses JSON. A body that is not JSON is passed on as text; handlers that need an object refuse it. */
function parse(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

function flat(request: IncomingMessage): Record<string, string> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries(headers);
}

function send(response: ServerResponse, { status, headers, body }: GraphResponse): void {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const type = {
    "content-type":
      "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
  };
  response.writeHead(status, { ...(text === "" ? {} : type), ...headers, "content-length": Buffer.byteLength(text) });
  response.end(text);
}
