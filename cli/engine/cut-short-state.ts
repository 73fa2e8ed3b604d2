import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** What a run that was cut off while it saved has left, which no engine can load. */
export interface CutShortState {
  readonly stack: string;
  readonly file: string;
  /**
   * The last complete state, which takes the place of `file`; `null`: `file` holds what the engine notes about a complete
   * state, such as its type, and nothing is lost without it.
   */
  readonly before: string | null;
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
    .flatMap((name): CutShortState[] => {
      const stack = name.slice(0, -".json".length);
      const [file, before] = [join(folder, name), join(folder, `${name}.bak`)];
      const notes = `${file}.attrs`;
      const isStateWhole = isWhole(file);
      return [
        ...(!isStateWhole && isWhole(before) ? [{ stack, file, before }] : []),
        // The engine writes them in place, before it puts the state in its place.
        ...((isStateWhole || isWhole(before)) && existsSync(notes) && !isWhole(notes)
          ? [{ stack, file: notes, before: null }]
          : []),
      ];
    });
}

export function formatCutShort({ stack, file, before }: CutShortState): string {
  if (before === null) {
    return (
      `What the engine notes about the state of the stack ${stack} is cut short: the disk was full when it was saved, or the engine was ` +
      `killed at that instant. The state does not need it. Make room, remove it, and run this again:\n  rm '${file}'\n`
    );
  }
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
