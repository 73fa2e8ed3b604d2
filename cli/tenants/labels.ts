import type { Verdict } from "./result";

/** In a table, for people. */
export const LABELS: Readonly<Record<Verdict, string>> = {
  failed: "failed",
  stops: "stops",
  person: "needs a look",
  work: "can go on",
  well: "well",
};
