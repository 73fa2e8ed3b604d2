import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * One folder for everything that the demo and the programs it starts put aside, so that removing it leaves nothing
 * behind: not the caches of the loaders either.
 */
export function ownFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "entra-group-licensing-demo-"));
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = path;
  return {
    path,
    remove: () => {
      // What was stopped may still be writing.
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
