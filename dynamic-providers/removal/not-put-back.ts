import { describeFailure, inGraphsWords, type GraphFailure } from "../../graph/failure";
import { SET_USAGE_LOCATION } from "../../licensing/block-reason";

/** Why a user could not get a direct licence back, and the way out. */
export function whyNotPutBack(failure: GraphFailure): string {
  if (failure.kind === "forbidden") return `${inGraphsWords(failure)} ${NOT_FOR_THIS_APP}`;
  return failure.kind === "licenseRule" && failure.rule === "usageLocation"
    ? `${failure.message} ${SET_USAGE_LOCATION}, and run pulumi up again.`
    : describeFailure(failure);
}

/** Fewer refusals than it takes to blame the app. */
const NOT_FOR_THIS_APP =
  "If the app may write to others, see whether this user is in a restricted management administrative unit, and assign the licence by hand.";
