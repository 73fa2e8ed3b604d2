import type { TenantWord } from "./result";

/** Words as shown in tables. */
export const LABELS: Readonly<Record<TenantWord, string>> = {
  failed: "failed",
  stops: "stops",
  person: "needs a look",
  work: "can go on",
  well: "well",
};
