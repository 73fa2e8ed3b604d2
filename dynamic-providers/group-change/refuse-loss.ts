import { GraphError, isFailure } from "../../graph/client/failure";
import type { TenantReads } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Successor } from "../../licensing/catalog/successors";
import type { DeclaredGroup } from "../../licensing/declaration";
import { inBoth } from "../../licensing/loss/group-change";
import { lossOfGroupChanges, unaccepted, type LicensesByGroup, type ResolvedLoss } from "../../licensing/loss/loss";
import { lossRefusal } from "../../licensing/loss/loss-words";
import type { Guid, License, LicensedGroup, LicensedUser } from "../../licensing/model";
import { whenGivenBy } from "../../licensing/plan/prediction";
import { Refusal } from "../../licensing/refusal";

/** A change of one group's licences, checked just before its write. */
export interface GroupChange {
  readonly group: DeclaredGroup;
  readonly now: LicensedGroup;
  /** The members, if the caller has just read them; absent: they are read here. */
  readonly members?: readonly LicensedUser[];
  readonly after: readonly License[];
  /** Licences that the same call adds: they count as if every member had them already. Absent: none do. */
  readonly given?: readonly License[];
  readonly accepted: readonly ResolvedLoss[];
  /** The planned licences of the stack's other groups. */
  readonly others: LicensesByGroup;
  /** Groups that are being released: they do not count as a replacement, even if they still give the licence. */
  readonly lettingGo: ReadonlySet<Guid>;
  /** Successors that the stack file accepts. */
  readonly successors: readonly Successor[];
  readonly how: "changed" | "let-go";
}

/**
 * Checks every member again just before the write, because the plan may be old by then.
 *
 * @returns the members as they were read; none if the group gives nothing
 * @throws {Refusal} if a member would lose a plan and the loss is not accepted
 */
export async function refuseLoss(graph: TenantReads, change: GroupChange): Promise<readonly LicensedUser[]> {
  const { group, now, after, accepted, how } = change;
  if (now.licenses.length === 0) return [];
  const members = change.members ?? (await graph.dependents(now));
  const catalog = new Catalog(await graph.subscribedSkus(), change.successors);
  const { given, processing } = await whatOthersGive(graph, members, change);
  const then = change.given === undefined ? members : whenGivenBy({ ...group, licenses: change.given }, members);
  const losses = lossOfGroupChanges(then, new Map([...given, [group.groupId, after]]), catalog);
  const refused = unaccepted(losses, group, accepted);
  // check: a narrower group licence is refused once more at the write
  if (refused.length === 0) return members;
  const wait =
    processing.length === 0
      ? ""
      : ` Entra is still processing ${processing.join(", ")}: what that gives to these users counts when it is done; run this again then.`;
  throw new Refusal(`${lossRefusal(group, refused, catalog, how)}${wait}`);
}

/**
 * The licences that members certainly inherit from other groups, of this stack or not: now on the group itself,
 * processed by Entra, and kept by the plan.
 */
async function whatOthersGive(
  graph: TenantReads,
  members: readonly LicensedUser[],
  { group, others, lettingGo }: GroupChange,
): Promise<{ readonly given: LicensesByGroup; readonly processing: readonly string[] }> {
  const ids = new Set<Guid>();
  for (const { assignments } of members) for (const { assignedByGroup } of assignments) ids.add(assignedByGroup ?? "");
  for (const nobodyElse of ["", group.groupId]) ids.delete(nobodyElse);
  const given = new Map<Guid, readonly License[]>();
  const processing: string[] = [];
  for (const [id, found] of await graph.groups(ids)) {
    given.set(id, []);
    if (isFailure(found)) {
      if (found.kind !== "notFound") throw new GraphError(found);
    } else if (found.processingState !== "ProcessingComplete") {
      processing.push(found.displayName);
    } else if (!lettingGo.has(id)) {
      given.set(id, inBoth(found.licenses, others.get(id) ?? found.licenses));
    }
  }
  return { given, processing: processing.sort() };
}
