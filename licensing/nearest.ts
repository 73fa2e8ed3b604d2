import { distance } from "fastest-levenshtein";

/**
 * Up to three known words that resemble the typed one, best first. A clear match raises the bar, because weak
 * matches beside it only distract.
 */
export function nearest(typed: string, known: Iterable<string>): readonly string[] {
  const wanted = typed.toLowerCase();
  const ranked = [...new Set(known)].map((word) => ({ word, far: farness(wanted, word.toLowerCase()) }));
  const best = Math.min(...ranked.map(({ far }) => far));
  return ranked
    .filter(({ far }) => far <= Math.min(0.5, Math.max(0.4, 2 * best)))
    .sort((a, b) => a.far - b.far || a.word.localeCompare(b.word))
    .slice(0, 3)
    .map(({ word }) => word);
}

/** ` Did you mean "EMS"?`, or an empty string if no known word is near. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const words = nearest(typed, known);
  return words.length === 0 ? "" : ` Did you mean ${words.map((word) => `"${word}"`).join(" or ")}?`;
}

/**
 * 0 for equal words, 1 for nothing in common. A word that contains the other counts as near, however long it is.
 */
function farness(a: string, b: string): number {
  const whole = distance(a, b) / Math.max(a.length, b.length, 1);
  return Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a)) ? Math.min(whole, 0.4) : whole;
}
