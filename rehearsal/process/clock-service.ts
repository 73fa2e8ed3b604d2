import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** Where the processes of a rehearsal say until when they would wait. */
export interface ClockService {
  readonly port: number;
  close(): void;
}

/**
 * Nobody waits in a rehearsal: whoever would, says until when, and then it is that time, for the tenant as well. So a quota is waited for
 * to the full, and takes no longer than to ask.
 *
 * @param passTo moves the time on to this moment, if it is not over, and says how far it is ahead of the wall clock then
 */
export async function serveClock(passTo: (untilMs: number) => number): Promise<ClockService> {
  const server = createServer((socket) => {
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString();
      if (heard.endsWith("\n")) socket.end(String(passTo(Number(heard))));
    });
    // Who went away needs no answer.
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
