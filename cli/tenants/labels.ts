import type { Verdict } from "./result";

/** Verdicts as shown in tables. */
export const LABELS: Readonly<Record<Verdict, string>> = {
  failed: "failed",
  stops: "stops",
  person: "needs a look",
  work: "can go on",
  well: "well",
};
