import type { Guid } from "../model";
import type { Cohort } from "./cohort";

/** A licence that, as far as can be told, Entra will not be able to give to these members. */
export interface Failure {
  readonly cohort: Cohort;
  readonly skuId: Guid;
  readonly cause: "seat" | "exclusive" | "prerequisite" | "location";
  /** What is in the way, in words. */
  readonly detail: string;
  /** Entra will refuse it; else it may. Only what is sure is planned with. */
  readonly isSure: boolean;
}
