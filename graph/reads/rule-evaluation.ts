import type { Guid } from "../../licensing/model";
import { sendInBatches } from "../client/batch";
import { GraphError } from "../client/failure";
import type { GraphHttp } from "../client/http";
import * as queries from "./queries";
import { foundIn } from "./reads-by-id";
import { isObject, readCount, textFrom } from "./wire";

/** How far Entra has evaluated a group's membership rule. */
export interface RuleEvaluation {
  readonly rule: string | null;
  /** `false` if the rule is paused; Entra then changes no members. */
  readonly isOn: boolean;
  /** `NotStarted`, `Running`, `Succeeded`, `Failed` or a future word; `null` if Graph does not say. */
  readonly status: string | null;
  readonly error: string | null;
  /** Number of users in the group; read only if `status` is `null`. */
  readonly members: number | null;
}

/**
 * The rule is in v1.0, its progress only in beta, which nothing may depend on: without it, members are counted instead.
 *
 * @throws {GraphError} if the group cannot be read
 */
export async function readRuleEvaluation(http: GraphHttp, groupId: Guid): Promise<RuleEvaluation> {
  const group = asObject(await http.send({ ...queries.groupRule(groupId), method: "GET", kind: "read" }));
  const { status, errorMessage } = await readStatus(http, groupId);
  const said = textFrom(status);
  return {
    rule: textFrom(group["membershipRule"]),
    isOn: textFrom(group["membershipRuleProcessingState"]) !== "Paused",
    status: said,
    error: textFrom(errorMessage),
    members: said === null ? await countMembers(http, groupId) : null,
  };
}

const NO_WORD = ["forbidden", "notFound", "unsupportedQuery", "unexpected", "unavailable"];

/** https://learn.microsoft.com/graph/api/resources/membershipruleprocessingstatus?view=graph-rest-beta */
async function readStatus(http: GraphHttp, groupId: Guid): Promise<Readonly<Record<string, unknown>>> {
  try {
    const listing = queries.ruleStatus(groupId);
    const group = asObject(await http.send({ ...listing, method: "GET", kind: "read" }));
    return asObject(group["membershipRuleProcessingStatus"]);
  } catch (error) {
    if (error instanceof GraphError && NO_WORD.includes(error.failure.kind)) return {};
    throw error;
  }
}

async function countMembers(http: GraphHttp, groupId: Guid): Promise<number | null> {
  const [result] = await sendInBatches(http, "read", [queries.userMemberCount(groupId)]);
  const found = foundIn(result, readCount);
  return "count" in found ? found.count : null;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}
