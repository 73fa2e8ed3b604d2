import type { Catalog } from "../catalog/catalog";
import { counted } from "../counts";
import { inForce } from "../effective-plans";
import type { Finding } from "../finding";
import { formatLicenses } from "../license-patterns";
import { oneCallOf } from "../loss/one-call";
import type { Guid } from "../model";
import type { TenantSnapshot } from "../snapshot";
import type { GroupState } from "./cohort";

/** What `swapInOneCall` is about to do, and entries of it that do nothing. */
export function oneCallFindings(
  groups: readonly GroupState[],
  snapshot: Pick<TenantSnapshot, "catalog" | "members" | "users">,
): readonly Finding[] {
  return groups.flatMap((group) => [...swapped(group, snapshot), ...idle(group, snapshot.catalog)]);
}

function swapped(
  { declared, now }: GroupState,
  { catalog, members, users }: Pick<TenantSnapshot, "catalog" | "members" | "users">,
): readonly Finding[] {
  const call = oneCallOf(declared, now.licenses);
  if (call === null) return [];
  const isOff = (skuId: Guid) => call.off.some((license) => license.skuId === skuId);
  const userIds = [...(members.get(declared.groupId) ?? [])]
    .filter((userId) =>
      users
        .get(userId)
        ?.assignments.some(
          (entry) => entry.assignedByGroup === declared.groupId && isOff(entry.skuId) && inForce(entry),
        ),
    )
    .sort();
  const [off, add] = [formatLicenses(call.off, catalog), formatLicenses(call.add, catalog)];
  return [
    {
      code: "swap-in-one-call",
      severity: "warning",
      about: declared.name,
      count: userIds.length,
      message:
        `${declared.displayName} swaps ${off} for ${add} in one call for ${counted(userIds.length, "member")}. That cannot be proven for a member before: ` +
        `if Entra refuses the new licence to one, ${off} is gone until the read-back finds it and assigns it directly. ` +
        `A rollback of a wave does not undo it: the way back is the same swap the other way round, which needs ${counted(userIds.length, "seat")} of ` +
        `${off} and takes what only ${add} gives.`,
      remedy: "Keep the old seats until every member is read back.",
      userIds,
    },
  ];
}

/** Where it is told how a member shows a pair of plans that Microsoft's list lacks. */
export const UNLISTED_PAIR =
  'docs/stack-file.md, "A swap in one call on a group", under "A pair that Microsoft\'s list does not have"';

/** Nothing comes, or nothing goes. */
function idle({ declared, now }: GroupState, catalog: Catalog): readonly Finding[] {
  const { name, displayName, swaps = [] } = declared;
  const isOn = (skuId: Guid) => now.licenses.some((license) => license.skuId === skuId);
  const isComplete = declared.licenses.every(({ skuId }) => isOn(skuId));
  return swaps.flatMap((skuId): Finding[] => {
    const sku = catalog.skuName(skuId);
    const at = { code: "swap-in-one-call-idle", about: `${name} ${sku}`, count: 1, userIds: [] };
    if (!isOn(skuId)) {
      const message = `${displayName} does not give ${sku}, which licensing:groups.${name}.swapInOneCall is to take off it: nothing is swapped.`;
      return [{ ...at, severity: "note", message, remedy: `Take ${sku} out of swapInOneCall.` }];
    }
    if (!isComplete) return [];
    return [
      {
        ...at,
        severity: "warning",
        message: `${displayName} gives all of its declared licences already, so none comes with the end of ${sku}, and it stays: swapInOneCall does nothing.`,
        remedy:
          `Name under licenses what takes its place. If that is on the group already, and in error for members: declare ${sku} and take the new one off by ` +
          `removeLicenses first (${UNLISTED_PAIR}). If members have both: put it under removeLicenses.`,
      },
    ];
  });
}
