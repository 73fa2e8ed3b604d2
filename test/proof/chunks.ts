import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { nextMessage, startChild } from "../../dev/bench/child";
import type { Chunk } from "./chunk-worker";
import type { Proven } from "./proving";

/**
 * Tries the chunks in so many processes side by side, each chunk by the first process that is free.
 *
 * @param done is told of each chunk when it has been tried; false: no further chunk is begun
 */
export async function tryChunks(
  chunks: readonly Chunk[],
  workers: number,
  done: (chunk: Chunk, proven: Proven) => boolean,
): Promise<void> {
  const waiting = [...chunks];
  const next = () => waiting.shift();
  const children: ChildProcess[] = [];
  const work = async (): Promise<void> => {
    const child = startChild(require.resolve("./chunk-worker"), [], {});
    children.push(child);
    for (let chunk = next(); chunk !== undefined; chunk = next()) {
      const answer = nextMessage<Proven>(child, `the worker that tried seed ${chunk.seed}`);
      child.send(chunk);
      if (!done(chunk, await answer)) waiting.length = 0;
    }
    const ended = once(child, "exit");
    child.disconnect();
    // A worker ends with an error where an answer of the embedded Graph was beside Graph's contract.
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`a worker ended with ${code ?? "a signal"}, for the reason above`);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(workers, chunks.length) }, work));
  } finally {
    for (const child of children) if (child.connected) child.kill();
  }
}
