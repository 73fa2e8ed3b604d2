import { relative } from "node:path";

const SHOWN = 25;

/** The files with the slowest tests and hooks, each with its seconds. */
export function slowestFiles(msByFile: Readonly<Record<string, number>>, root: string): readonly string[] {
  const all = Object.entries(msByFile).sort(([, a], [, b]) => b - a);
  const total = all.reduce((sum, [, ms]) => sum + ms, 0);
  const line = (ms: number, words: string) => `${(ms / 1000).toFixed(1).padStart(8)} s  ${words}`;
  return [
    "",
    "  slowest files",
    ...all.slice(0, SHOWN).map(([file, ms]) => line(ms, relative(root, file))),
    line(total, `all ${all.length} files`),
  ];
}
