import { chmodSync, existsSync, rmSync, statSync, writeFileSync } from "node:fs";

const OWNER_ONLY = 0o600;

/** Writes a file that only its owner can read, because a plan names users. An older file is replaced, and with it its mode. */
export function writeOwnFile(file: string, text: string): void {
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: OWNER_ONLY });
}

/** The same for a file that the engine writes: creates it first, because an existing file keeps its mode. */
export async function withOwnFile<T>(file: string | null, write: () => Promise<T>): Promise<T> {
  if (file === null) return write();
  writeOwnFile(file, "");
  try {
    return await write();
  } finally {
    if (existsSync(file)) {
      if (statSync(file).size === 0) rmSync(file);
      else chmodSync(file, OWNER_ONLY);
    }
  }
}
