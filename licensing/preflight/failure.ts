import type { Guid } from "../model";
import type { Cohort } from "./cohort";

/** A licence that Entra probably cannot give to these members. */
export interface Failure {
  readonly cohort: Cohort;
  readonly skuId: Guid;
  readonly cause: "seat" | "exclusive" | "prerequisite" | "location";
  /** The obstacle, as text for output. */
  readonly detail: string;
  /** True if Entra will refuse it, false if it may. */
  readonly isSure: boolean;
  /** Display name of another group that fails instead if Entra processes it later. The plan counts both as failing. */
  readonly insteadOf?: string;
}
