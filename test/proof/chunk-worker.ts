// The process of one worker of `npm run prove`: tries each chunk that it is sent, until it is sent no more.
import { closeSkies, openEmulators } from "./proof-rig";
import { prove, type Kind } from "./proving";

/** Random cases of one sort, which the seed alone determines. */
export interface Chunk {
  readonly kind: Kind;
  readonly cases: number;
  readonly seed: number;
}

async function main(): Promise<void> {
  const skies = await openEmulators();
  process.on("message", (chunk: Chunk) => {
    void prove(chunk.kind, chunk.cases, chunk.seed, skies).then((proven) => process.send?.(proven));
  });
  process.once("disconnect", () => void closeSkies(skies));
}

void main();
