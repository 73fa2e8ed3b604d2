import { asSentence, describeFailure, quoteGraph, type GraphFailure } from "../../graph/client/failure";
import { BY_ASSIGN_LICENSE, SET_USAGE_LOCATION } from "../../licensing/decision/remedy";

/** Why a user's direct licence could not be put back, and the remedy. */
export function whyNotPutBack(failure: GraphFailure): string {
  const inItsWords = () => asSentence(quoteGraph(failure));
  if (failure.kind === "forbidden") return `${inItsWords()} ${NOT_FOR_THIS_APP}`;
  // Graph clearly refused this user, for a reason that is not about licensing.
  if (failure.kind === "unexpected" && failure.status >= 400 && failure.status < 500)
    return `${inItsWords()} ${MEND_BY_HAND}`;
  return failure.kind === "licenseRule" && failure.rule === "usageLocation"
    ? `${failure.message} ${SET_USAGE_LOCATION}, and run pulumi up again.`
    : describeFailure(failure);
}

/** Too few refusals to conclude that the app lacks the permission. */
const NOT_FOR_THIS_APP =
  "If the app may write to others, see whether this user is in a restricted management administrative unit: an administrator of that unit can assign the licence.";

const MEND_BY_HAND = `Mend the cause, and assign the licence ${BY_ASSIGN_LICENSE}.`;
