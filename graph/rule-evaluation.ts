import type { Guid } from "../licensing/model";
import type { GraphHttp } from "./http";
import { isObject, textFrom } from "./wire";

/** How far Entra is with the membership rule of a group. */
export interface RuleEvaluation {
  readonly rule: string | null;
  /** `false`: somebody has paused the rule, and Entra does nothing. */
  readonly isOn: boolean;
  /** `NotStarted`, `Running`, `Succeeded`, `Failed`, or what Graph may say later; `null`: it does not say. */
  readonly status: string | null;
  readonly error: string | null;
}

/**
 * Graph tells by its beta version alone whether a rule has been evaluated.
 * https://learn.microsoft.com/graph/api/resources/membershipruleprocessingstatus?view=graph-rest-beta
 */
export async function readRuleEvaluation(http: GraphHttp, groupId: Guid): Promise<RuleEvaluation> {
  const group = await http.send({
    method: "GET",
    version: "beta",
    url: `/groups/${groupId}?$select=id,membershipRule,membershipRuleProcessingState,membershipRuleProcessingStatus`,
    kind: "read",
    purpose: { operation: "readGroups", id: groupId },
  });
  const read = isObject(group) ? group : {};
  const status = isObject(read["membershipRuleProcessingStatus"]) ? read["membershipRuleProcessingStatus"] : {};
  return {
    rule: textFrom(read["membershipRule"]),
    isOn: textFrom(read["membershipRuleProcessingState"]) !== "Paused",
    status: textFrom(status["status"]),
    error: textFrom(status["errorMessage"]),
  };
}
