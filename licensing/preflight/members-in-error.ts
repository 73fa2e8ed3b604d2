import { remedyOf } from "../decision/remedy";
import type { Finding } from "../finding";
import type { InheritanceProblem } from "../inheritance/inheritance";
import { isDirect, type Guid } from "../model";
import type { TenantSnapshot } from "../snapshot";
import { counted } from "../counts";
import type { GroupState } from "./cohort";

/**
 * Members in error by cause, each user once. If one SKU of a group fails, the others report `Other`; those are not
 * problems of their own.
 */
export function errorFindings(groups: readonly GroupState[], snapshot: TenantSnapshot): readonly Finding[] {
  return groups.flatMap((group) => {
    const { declared } = group;
    return [...culprits(group, snapshot)].map(([what, found]): Finding => {
      const userIds = [...found.userIds].sort();
      return {
        code: "members-in-error",
        severity: "warning",
        about: `${declared.name} ${what.split(":")[0] ?? ""}`,
        count: userIds.length,
        message:
          `${declared.displayName}: ${counted(userIds.length, "member is", "members are")} in error (${what}). ` +
          `${holdings(group, userIds, found.isInForce, snapshot)} The others go on.`,
        remedy: remedyFor(found, group, snapshot),
        userIds,
      };
    });
  });
}

/** No seats can be bought for a SKU that the tenant no longer has, so it has to be taken off the group. */
function remedyFor({ skuId, cause }: Culprit, { declared }: GroupState, { catalog }: TenantSnapshot): string {
  if (catalog.has(skuId)) return remedyOf({ kind: "inherited-in-error", groupId: declared.groupId, cause });
  return declared.removes?.includes(skuId) === true
    ? "This run takes that SKU, which the tenant no longer has, off the group: the members inherit the others then."
    : `The tenant no longer has that SKU: removeLicenses: [${catalog.skuName(skuId)}] under licensing:groups.${declared.name} takes it off the group.`;
}

interface Culprit {
  readonly skuId: Guid;
  readonly cause: string;
  /** True if the inherited licence still works and only the last change to it failed. */
  readonly isInForce: boolean;
  readonly userIds: Set<Guid>;
}

function culprits({ declared, problems }: GroupState, snapshot: TenantSnapshot): ReadonlyMap<string, Culprit> {
  const { catalog } = snapshot;
  const byUser = new Map<Guid, InheritanceProblem[]>();
  for (const problem of problems) {
    if (problem.kind !== "error" && problem.kind !== "active-with-error") continue;
    byUser.set(problem.userId, [...(byUser.get(problem.userId) ?? []), problem]);
  }
  const found = new Map<string, Culprit>();
  for (const [userId, mine] of byUser) {
    const worst = mine.find(({ detail }) => detail !== "Other") ?? undeclared(userId, declared, snapshot) ?? mine[0];
    if (worst === undefined) continue;
    const isInForce = mine.every(({ kind }) => kind === "active-with-error");
    const what = `${catalog.skuName(worst.skuId)}: ${worst.detail}${isInForce ? ", still active" : ""}`;
    const same = found.get(what) ?? { skuId: worst.skuId, cause: worst.detail, isInForce, userIds: new Set() };
    found.set(what, same);
    same.userIds.add(userId);
  }
  return found;
}

/** An undeclared licence of the group may be the one that fails. */
function undeclared(
  userId: Guid,
  { groupId, licenses }: GroupState["declared"],
  { users }: TenantSnapshot,
): Pick<InheritanceProblem, "skuId" | "detail"> | null {
  const culprit = users
    .get(userId)
    ?.assignments.find(
      ({ skuId, assignedByGroup, state, error }) =>
        assignedByGroup === groupId &&
        state === "Error" &&
        error !== "Other" &&
        licenses.every((license) => license.skuId !== skuId),
    );
  return culprit?.error == null ? null : { skuId: culprit.skuId, detail: culprit.error };
}

/** What the members have meanwhile. It must not promise a direct licence to users that never had one. */
function holdings(
  { declared }: GroupState,
  userIds: readonly Guid[],
  isInForce: boolean,
  { users }: TenantSnapshot,
): string {
  if (isInForce) return "What they inherit still works; direct licences stay until the error is gone.";
  const skuIds = new Set(declared.licenses.map(({ skuId }) => skuId));
  const holders = userIds.filter((userId) =>
    users.get(userId)?.assignments.some((entry) => isDirect(entry) && skuIds.has(entry.skuId)),
  ).length;
  const without = userIds.length - holders;
  const of = "of this group's licences";
  if (without === 0) return `They keep what they hold directly ${of}.`;
  if (holders === 0) return `They hold none ${of} directly, and have none until that is mended.`;
  return `${counted(holders, "of them keeps", "of them keep")} what they hold directly ${of}; ${counted(without, "holds", "hold")} none.`;
}
