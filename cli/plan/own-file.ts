import { chmodSync, existsSync, rmSync, statSync, writeFileSync } from "node:fs";

const OWNER_ONLY = 0o600;

/** A plan names users, so only its owner may read it, whatever mode an older file of the name had. */
export function writeOwnFile(file: string, text: string): void {
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: OWNER_ONLY });
}

/** The same for a file that the engine writes: it is there before, because a file keeps the mode that it was made with. */
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

/** The file of `--save-plan FILE` or `--save-plan=FILE`. */
export function savedPlanIn(args: readonly string[]): string | null {
  const flag = "--save-plan";
  const at = args.indexOf(flag);
  const joined = args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1);
  return (at === -1 ? joined : args[at + 1]) ?? null;
}
