/**
 * The one scale on which anything is judged: a group, a wave, a check of doctor, a plan, a tenant, a rehearsal. `pass`:
 * go on. `wait`: not yet, or not without an administrator's look. `fail`: it cannot go on. What is unknown never passes.
 */
export type Verdict = "pass" | "wait" | "fail";

/** A verdict and why, with the value and the limit. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
}

const RANK: Readonly<Record<Verdict, number>> = { pass: 0, wait: 1, fail: 2 };

/** The worst verdict decides; `null` is something that could not be judged, and fails. Without any verdict: `pass`. */
export function worst(verdicts: Iterable<Verdict | null>): Verdict {
  let found: Verdict = "pass";
  for (const verdict of verdicts) {
    const known = verdict ?? "fail";
    if (RANK[known] > RANK[found]) found = known;
  }
  return found;
}

/** The words for a verdict in plans, reports of tenants and rehearsals. They are in files that other tools read. */
const WORDS = {
  safe: "pass",
  "nothing-to-do": "pass",
  well: "pass",
  work: "pass",
  "needs-a-look": "wait",
  person: "wait",
  stops: "fail",
  lost: "fail",
  failed: "fail",
} as const satisfies Readonly<Record<string, Verdict>>;

export type VerdictWord = keyof typeof WORDS;

/** @param word `null`: there is no result, so nothing is known */
export function verdictOf(word: VerdictWord | null): Verdict {
  return word === null ? "fail" : WORDS[word];
}

/** The exit code of a command that judged: 1 if it cannot go on. */
export function exitCodeOf(verdict: Verdict): 0 | 1 {
  return verdict === "fail" ? 1 : 0;
}
