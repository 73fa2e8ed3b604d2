/**
 * One thing that was looked at. `fail`: a run of the stack would fail or do nothing. `warn`: it would work, with less or with doubt.
 * `note`: no fault as things are. `fix`: no finding, but what mends several of them at once.
 */
export interface Check {
  readonly verdict: "pass" | "note" | "warn" | "fail" | "fix";
  readonly words: string;
  /** What to do: a command or a page, line by line. */
  readonly remedy: readonly string[];
}

export const pass = (words: string): Check => ({ verdict: "pass", words, remedy: [] });
export const note = (words: string, ...remedy: string[]): Check => ({ verdict: "note", words, remedy });
export const warn = (words: string, ...remedy: string[]): Check => ({ verdict: "warn", words, remedy });
export const fix = (words: string, ...remedy: string[]): Check => ({ verdict: "fix", words, remedy });
export const fail = (words: string, ...remedy: string[]): Check => ({ verdict: "fail", words, remedy });

const MARKS = { pass: "ok  ", note: "-   ", warn: "warn", fail: "FAIL", fix: "=>  " } as const;

export function linesOf({ verdict, words, remedy }: Check): readonly string[] {
  return [`${MARKS[verdict]}  ${words}`, ...remedy.map((line) => `        ${line}`)];
}
