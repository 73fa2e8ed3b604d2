import type { Verdict } from "../../licensing/verdict";

/** The result of one check. `fail`: a run of the stack would fail or do nothing. `wait`: it would work with limits, or it is uncertain. */
export interface Check {
  readonly verdict: Verdict;
  /** `note`: information only. `fix`: commands that resolve several findings at once. */
  readonly kind: "finding" | "note" | "fix";
  readonly words: string;
  /** The remedy in lines: commands, or the address of a page. */
  readonly remedy: readonly string[];
}

export const pass = (words: string): Check => ({ verdict: "pass", kind: "finding", words, remedy: [] });
export const note = (words: string, ...remedy: string[]): Check => ({ verdict: "pass", kind: "note", words, remedy });
export const warn = (words: string, ...remedy: string[]): Check => ({
  verdict: "wait",
  kind: "finding",
  words,
  remedy,
});
export const fix = (words: string, ...remedy: string[]): Check => ({ verdict: "pass", kind: "fix", words, remedy });
export const fail = (words: string, ...remedy: string[]): Check => ({
  verdict: "fail",
  kind: "finding",
  words,
  remedy,
});

const VERDICT_MARKS = { pass: "ok  ", wait: "warn", fail: "FAIL" } as const;
const MARKS = { note: "-   ", fix: "=>  " } as const;

const INDENT = 6;

/**
 * @param columns of the terminal: its own breaks split words; absent: not a terminal. Remedies stay whole: commands are copied from them.
 */
export function linesOf({ verdict, kind, words, remedy }: Check, columns?: number): readonly string[] {
  const [first = "", ...more] = words.split("\n").flatMap((line) => broken(line, (columns ?? Infinity) - INDENT));
  return [
    `${kind === "finding" ? VERDICT_MARKS[verdict] : MARKS[kind]}  ${first}`,
    ...more.map((line) => " ".repeat(INDENT) + line),
    ...remedy.map((line) => `        ${line}`),
  ];
}

/** Rows of at most `width`, but for longer words; what stands before the first word stays. */
function broken(line: string, width: number): readonly string[] {
  const rows: string[] = [];
  for (const word of line.split(/(?<=\S) /)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  return rows;
}
