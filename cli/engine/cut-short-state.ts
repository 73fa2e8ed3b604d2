import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** A state that can't be read, and the whole one from before it. */
export interface CutShortState {
  readonly stack: string;
  readonly file: string;
  readonly before: string;
}

/**
 * States that an engine left cut short on a file backend, because the disk was full when it saved them or because it was killed
 * at that very instant. The engine only says `failed to load checkpoint` then; the one from before is beside it.
 *
 * @param backendUrl as in PULUMI_BACKEND_URL; other backends write a state whole or not at all
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
