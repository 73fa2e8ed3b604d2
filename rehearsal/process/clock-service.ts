import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** The socket through which the processes of a rehearsal report the end of their waits. */
export interface ClockService {
  readonly port: number;
  close(): void;
}

/**
 * Replaces waiting in a rehearsal: a process reports the time until which it would wait, and the shared clock jumps there, for the
 * tenant as well. Quotas are honoured in full without taking real time.
 *
 * @param passTo moves the clock to this moment if it is in the future; returns its offset from the wall clock in milliseconds
 */
export async function serveClock(passTo: (untilMs: number) => number): Promise<ClockService> {
  const server = createServer((socket) => {
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString();
      if (heard.endsWith("\n")) socket.end(String(passTo(Number(heard))));
    });
    // The process has gone, so no answer is needed.
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
