import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { generate } from "selfsigned";

import { type LicenseWrites, connectForWriting, type ConnectExtra } from "../../graph/tenant-graph";
import { FakeTime } from "./fake-time";
import { trustCertificate } from "./trust";

/** A request as the odd Graph received it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** The parsed JSON of a Graph request. */
  readonly body: unknown;
  readonly at: number;
}

/** What the odd Graph does next: answers, or breaks the connection. */
export type Reply =
  | {
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
      readonly raw?: string;
    }
  | "reset"
  | "resetInBody"
  | "silence";

/**
 * An HTTPS server that says exactly what a test tells it to: answers that are unusual, broken or lost, which a faithful emulator
 * never gives.
 */
export class OddGraph {
  readonly received: Received[] = [];
  readonly time = new FakeTime();
  readonly credential = new CountingCredential();
  private script: (request: Received, count: number) => Reply = () => ({ status: 500 });

  private constructor(
    readonly url: string,
    readonly certificate: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** @param shown absent: a certificate that vouches for itself */
  static async start(shown?: Awaited<ReturnType<typeof makeCertificate>>): Promise<OddGraph> {
    const { cert, private: key } = shown ?? (await (certificate ??= makeCertificate()));
    const server = createServer({ cert, key }, (request, response) => void odd.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const { port } = server.address() as AddressInfo;
    const odd = new OddGraph(`https://localhost:${port}`, cert, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return odd;
  }

  /** The answers to come; a list is used up one by one. */
  answers(script: readonly Reply[] | ((request: Received, count: number) => Reply)): void {
    this.script =
      typeof script === "function" ? script : (_, count) => script[count - 1] ?? { status: 500, raw: "out of script" };
  }

  /** A client of this server, with its own time and a trusted certificate. */
  connect(extra: ConnectExtra = {}): LicenseWrites {
    return connectForWriting(
      { cloud: { graph: this.url, authority: this.url }, tenant: "contoso.com" },
      { credential: this.credential, pauses: this.time, random: () => 0, ...extra },
    );
  }

  trust(): () => void {
    return trustCertificate(this.certificate);
  }

  close(): Promise<void> {
    return this.end();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const { method = "", url = "", headers } = request;
    const received = {
      method,
      url,
      headers,
      text,
      body: text.startsWith("{") ? (JSON.parse(text) as unknown) : null,
      at: this.time.now(),
    };
    this.received.push(received);
    const reply = this.script(received, this.received.length);
    if (reply === "silence") return;
    if (reply === "reset") return void request.socket.destroy();
    if (reply === "resetInBody") {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
      response.write('{"value": [', () => request.socket.destroy());
      return;
    }
    response.writeHead(reply.status ?? 200, { "Content-Type": "application/json", ...reply.headers });
    response.end(reply.raw ?? (reply.body === undefined ? "" : JSON.stringify(reply.body)));
  }
}

/** One for all tests of a run: making a key takes longer than a test. */
let certificate: ReturnType<typeof makeCertificate> | undefined;

function makeCertificate() {
  return generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
}

/** Gives a new token each time, and counts. */
export class CountingCredential implements TokenCredential {
  given = 0;

  getToken(): Promise<AccessToken> {
    this.given += 1;
    return Promise.resolve({ token: `token-${this.given}`, expiresOnTimestamp: Date.now() + 3_600_000 });
  }
}
