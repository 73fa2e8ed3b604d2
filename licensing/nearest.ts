import { distance } from "fastest-levenshtein";

/**
 * The known words nearest to what somebody typed, best first, at most three; none when nothing is near. Beside a clear best one, a
 * faint likeness would only distract.
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

/** ` Did you mean "EMS"?`, or nothing when no known word is near. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const words = nearest(typed, known);
  return words.length === 0 ? "" : ` Did you mean ${words.map((word) => `"${word}"`).join(" or ")}?`;
}

/** 0 for the same word, 1 for nothing in common; one word inside the other is near whatever their lengths. */
function farness(a: string, b: string): number {
  const whole = distance(a, b) / Math.max(a.length, b.length, 1);
  return Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a)) ? Math.min(whole, 0.4) : whole;
}
