import { code, cut, inline } from "./inline";

/** Limits on the shown part of a plan, so that it fits into a comment for a tenant of any size. */
export interface Limits {
  /** Rows of a list. */
  readonly rows: number;
  /** Characters of a text in a list. A refusal may have several times as many, because an administrator must act on it. */
  readonly characters: number;
}

/** From generous to always small enough: an escaped character can take a dozen characters. */
export const LIMITS: readonly Limits[] = [
  { rows: 50, characters: 600 },
  { rows: 20, characters: 400 },
  { rows: 8, characters: 300 },
  { rows: 3, characters: 200 },
  { rows: 1, characters: 60 },
];

export interface Cut {
  /** Prose that holds words of the tenant. */
  readonly text: (words: string) => string;
  /** A name, as code. */
  readonly name: (name: string) => string;
}

export function within({ characters }: Limits): Cut {
  return { text: (words) => inline(cut(words, characters)), name: (name) => code(cut(name, characters)) };
}
