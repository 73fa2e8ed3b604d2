import type { Guid } from "../../licensing/model";
import { newestOf } from "../client/pages";
import { readFreshUsers, type FreshUsers } from "./fresh-users";
import { readGroupEvidence, type GroupEvidence } from "./group-evidence";
import * as queries from "./queries";
import { distinct } from "./reads-by-id";
import { readRuleEvaluation, type RuleEvaluation } from "./rule-evaluation";
import { readSkusAndErrors, type SkusAndErrors } from "./skus-and-errors";
import { TenantReads } from "./tenant-reads";

/**
 * What a provider reads at the moment of a decision: a user now, and how far Entra has come with a group. Nothing here
 * writes.
 */
export class FreshReads extends TenantReads {
  /**
   * Current users, their direct memberships, the groups and the SKUs, in as few batches as possible.
   *
   * @param endsOf groups for which the end of time-limited memberships is read as well; none if absent
   */
  freshUsers(userIds: Iterable<Guid>, groupIds: Iterable<Guid>, endsOf: Iterable<Guid> = []): Promise<FreshUsers> {
    return readFreshUsers(this.http, distinct(userIds), distinct(groupIds), distinct(endsOf));
  }

  /** The tenant's SKUs and the groups' members with licence errors, in one batch: at the start of a part of a wave. */
  skusAndErrors(groupIds: Iterable<Guid>): Promise<SkusAndErrors> {
    return readSkusAndErrors(this.http, groupIds);
  }

  /** How far Entra has evaluated a group's membership rule. */
  ruleEvaluation(groupId: Guid): Promise<RuleEvaluation> {
    return readRuleEvaluation(this.http, groupId);
  }

  /**
   * The newest records of the audit log about a group's licences, oldest first. One page of records only: each added member has a
   * record too. The log lags by up to an hour, so it is evidence, never proof.
   */
  async groupEvidence(groupId: Guid, since: Date): Promise<GroupEvidence[]> {
    const records = await newestOf(this.http, queries.auditRecordsOf(groupId, since));
    return records
      .map((record) => readGroupEvidence(record, groupId.toLowerCase()))
      .filter((evidence) => evidence !== null)
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }
}
