import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** A truncated state and its backup, the last complete state. */
export interface CutShortState {
  readonly stack: string;
  readonly file: string;
  readonly before: string;
}

/**
 * Finds states on a file backend that were truncated because the disk was full or the engine was killed while saving. The engine
 * only reports `failed to load checkpoint`, although the previous state lies beside it.
 *
 * @param backendUrl the value of PULUMI_BACKEND_URL; other backends than `file:` save atomically
 */
export function cutShortStates(backendUrl: string | undefined, project: string): readonly CutShortState[] {
  const [, path] = /^file:\/\/([^?]*)/.exec(backendUrl ?? "") ?? [];
  if (path === undefined) return [];
  const root = path.startsWith("~") ? join(homedir(), path.slice(1)) : resolve(path);
  const folder = join(root, ".pulumi", "stacks", project);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({
      stack: name.slice(0, -".json".length),
      file: join(folder, name),
      before: join(folder, `${name}.bak`),
    }))
    .filter(({ file, before }) => !isWhole(file) && isWhole(before));
}

export function formatCutShort({ stack, file, before }: CutShortState): string {
  return (
    `The state of the stack ${stack} is cut short: the disk was full when it was saved, or the engine was killed at that instant. The one ` +
    `before is whole. Make room, put it in its place, and run this again:\n  cp '${before}' '${file}'\n`
  );
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
