import { describeFailure, type GraphFailure } from "../../graph/failure";
import { SET_USAGE_LOCATION } from "../../licensing/block-reason";

/**
 * Why somebody could not get a direct licence back, and the way out. Of a missing location the failure itself says to run
 * again, which would not help here: what Entra has refused to take back no run tries again by itself.
 */
export function whyNotPutBack(failure: GraphFailure): string {
  return failure.kind === "licenseRule" && failure.rule === "usageLocation"
    ? `${failure.message} ${SET_USAGE_LOCATION}, then assign the licence by hand: no run tries it again by itself.`
    : describeFailure(failure);
}
