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
  /** True for a swap in one call that takes off what another plan of these members needs: they would keep the old licence. */
  readonly keepsOld?: boolean;
}

/** What one rule says of one licence for one cohort. */
export type Cause = Pick<Failure, "detail" | "isSure" | "insteadOf" | "keepsOld">;

/** The cause to report: a certain one, else one that decides between two groups. `null`: there is none. */
export function surest(causes: readonly Cause[]): Cause | null {
  return (
    causes.find(({ isSure }) => isSure) ?? causes.find(({ insteadOf }) => insteadOf !== undefined) ?? causes[0] ?? null
  );
}
