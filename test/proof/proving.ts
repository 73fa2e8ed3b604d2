import fc from "fast-check";
import type { Skies } from "./proof-rig";
import { casesOfPeople, casesOfTrouble } from "./random-case";
import { tryCase, type Seen } from "./trial";

export const KINDS = { trouble: casesOfTrouble, people: casesOfPeople } as const;
export type Kind = keyof typeof KINDS;

/** What came of a number of random cases. */
export interface Proven {
  readonly cases: number;
  /** In what share of the cases something was seen at least once. */
  readonly shares: Readonly<Record<keyof Seen, number>>;
  /** The smallest case that fails, and how; `null`: none does. */
  readonly failure: string | null;
}

/** Tries random cases; the same seed gives the same ones. */
export async function prove(kind: Kind, cases: number, seed: number, skies: Skies): Promise<Proven> {
  const seen: Seen[] = [];
  const property = fc.asyncProperty(KINDS[kind], async (one) => {
    seen.push(await tryCase(one, skies));
  });
  const details = await fc.check(property, { numRuns: cases, seed });
  return {
    cases: seen.length,
    shares: sharesOf(seen),
    failure: details.failed ? `${String(details.errorInstance)}\n${JSON.stringify(details.counterexample)}` : null,
  };
}

function sharesOf(seen: readonly Seen[]): Proven["shares"] {
  const [first] = seen;
  const names = (first === undefined ? [] : Object.keys(first)) as (keyof Seen)[];
  return Object.fromEntries(
    names.map((name) => [name, seen.filter((each) => each[name] > 0).length / seen.length]),
  ) as Proven["shares"];
}
