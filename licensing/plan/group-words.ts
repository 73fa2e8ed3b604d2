import type { Catalog } from "../catalog/catalog";
import { counted, thousands } from "../counts";
import type { DeclaredGroup } from "../declaration";
import { grouped } from "../grouped";
import { formatLicenses } from "../license-patterns";
import { formatAcceptPlans } from "../loss/loss-words";
import type { OneCall } from "../loss/one-call";
import type { License } from "../model";
import { BY_ID, type People } from "../people";
import { isUnmade } from "../stack-file/own-group";
import { formatSuccessions, SHOWN_PLANS } from "./gain-words";
import { interrupted, type GroupPlan } from "./group-plan";

/**
 * What happens to a group: `assign EMS to 1,000 members`, or
 * `gives EMS to 1,000 members; take VISIOCLIENT off the group`.
 */
export function formatGroup(group: GroupPlan, catalog: Catalog): string {
  if (group.declared.deleted !== undefined) return "was deleted: gives nothing";
  const assigned = formatAssigned(group, catalog);
  const what =
    assigned.length === 0 ? `gives ${formatLicenses(group.declared.licenses, catalog)}` : assigned.join(", ");
  const { call } = group;
  return [
    call === null
      ? `${what} to ${formatMembers(group)}`
      : `${formatOneCall(call, catalog)} for ${formatMembers(group)}`,
    ...(call === null ? [] : [UNPROVEN]),
    ...formatReplaced(group.declared, catalog),
    ...formatTakenOff(group, catalog),
    ...formatInterrupted(group, catalog),
    ...formatSuccessions(group.successions),
  ].join("; ");
}

/** `SPE_E5 replaces ENTERPRISEPACK and EMS`. */
function formatReplaced({ replaces = [] }: DeclaredGroup, catalog: Catalog): readonly string[] {
  return [...grouped(replaces, ({ by }) => by)].map(
    ([by, all]) => `${catalog.skuName(by)} replaces ${all.map(({ skuId }) => catalog.skuName(skuId)).join(" and ")}`,
  );
}

/** Names the members that prevent the group's release, and the ways out; `null`: there are none. */
export function formatDependents(
  { declared, dependentsLater }: GroupPlan,
  catalog: Catalog,
  people: People = BY_ID,
): string | null {
  const { users, first, plans } = dependentsLater;
  if (users === 0) return null;
  const names = [...new Set(plans.map(({ planId }) => catalog.planName(planId)))].sort();
  const shown =
    names.length > SHOWN_PLANS ? [...names.slice(0, SHOWN_PLANS), `${names.length - SHOWN_PLANS} more`] : names;
  const more = users > first.length ? ` and ${thousands(users - first.length)} more` : "";
  return (
    `${counted(users, "member depends", "members depend")} on ${declared.displayName} for ${shown.join(", ")}: ` +
    `${first.map(people).join(", ")}${more}. The rollback needs nothing more. While members depend on the group, pulumi destroy is ` +
    `refused: before that, give them these plans directly, or let the plans go by ${formatAcceptPlans(plans, catalog)}.`
  );
}

function formatMembers({ declared, members, joining }: GroupPlan): string {
  if (joining === null && isUnmade(declared.groupId)) return "its future members";
  const joiners = joining?.userIds.size ?? 0;
  return `${counted(members + joiners, "member")}${joiners === 0 ? "" : `, ${thousands(joiners)} of them new`}`;
}

/** The changes to a group: `assign EMS`; empty if it gives the declared licences. */
export function formatChange(group: GroupPlan, catalog: Catalog): readonly string[] {
  if (group.call !== null) return [`${formatOneCall(group.call, catalog)}: ${UNPROVEN}`];
  return [...formatAssigned(group, catalog), ...formatTakenOff(group, catalog)];
}

const UNPROVEN = "that cannot be proven for a member before; each is read back afterwards";

/** `swap STANDARDPACK for ENTERPRISEPACK in one call`. */
function formatOneCall({ add, off }: OneCall, catalog: Catalog): string {
  return `swap ${formatLicenses(off, catalog)} for ${formatLicenses(add, catalog)} in one call`;
}

function formatTakenOff({ takenOff, later, call }: GroupPlan, catalog: Catalog): readonly string[] {
  if (call !== null) return [];
  const isLater = ({ skuId }: License) => later.some((each) => each.skuId === skuId);
  const now = takenOff.filter((license) => !isLater(license));
  return [
    ...(now.length === 0 ? [] : [`take ${formatLicenses(now, catalog)} off the group`]),
    ...(later.length === 0
      ? []
      : [`then take ${formatLicenses(later, catalog)} off the group, when every member is verified`]),
  ];
}

function formatInterrupted(group: GroupPlan, catalog: Catalog): readonly string[] {
  const skus = interrupted(group).map(({ skuId }) => catalog.skuName(skuId));
  if (skus.length === 0) return [];
  return [
    `read every member back: a run was interrupted after it began to take ${skus.sort().join(", ")} off the group`,
  ];
}

function formatAssigned(group: GroupPlan, catalog: Catalog): readonly string[] {
  return group.changes.map(({ kind, license }) =>
    kind === "add"
      ? `assign ${formatLicenses([license], catalog)}`
      : `change the service plans of ${formatLicenses([license], catalog)}`,
  );
}
