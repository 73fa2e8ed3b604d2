import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** A host that only this proxy can find: no name service knows it. */
export const HOST_BEHIND_PROXY = "graph.behind-proxy.invalid";

/** A proxy that opens tunnels (CONNECT) to a server on this machine, under a name that nothing else resolves, and counts them. */
export class ConnectProxy {
  /** The hosts that tunnels were asked for, with their ports. */
  readonly tunnels: string[] = [];
  private readonly open = new Set<Socket>();
  private readonly server = createServer((_, response) => response.writeHead(405).end());

  private constructor(private readonly credentials: string | null) {}

  /** @param credentials `user:password` that it asks for; `null`: it asks for none. */
  static async start(credentials: string | null = null): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(credentials);
    proxy.server.on("connect", (request: IncomingMessage, socket: Socket) => {
      proxy.tunnel(request, socket);
    });
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private tunnel({ url = "", headers }: IncomingMessage, socket: Socket): void {
    this.tunnels.push(url);
    const expected = this.credentials === null ? null : Buffer.from(this.credentials).toString("base64");
    if (expected !== null && headers["proxy-authorization"] !== `Basic ${expected}`) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    const [host = "", port = ""] = url.split(":");
    if (![HOST_BEHIND_PROXY, "localhost"].includes(host)) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const behind = connect(Number(port), "localhost", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      behind.pipe(socket).pipe(behind);
    });
    for (const each of [behind, socket]) {
      this.open.add(each);
      each.on("error", () => each.destroy());
      each.on("close", () => this.open.delete(each));
    }
  }
}
