import type { Catalog } from "../catalog/catalog";
import { counted } from "../counts";
import type { DeclaredGroup } from "../declaration";
import { coveredLicenses, type CoveredLicense } from "../decision/covered";
import { isFromGroup, type Guid } from "../model";
import type { TenantSnapshot } from "../snapshot";
import { oneLine } from "./one-line";
import type { Proposal } from "./proposal";
import type { LicensedToday } from "./tenant-today";

/**
 * Direct licences of users whose groups give them all of it by other SKUs today. The same SKU from both is no seat, and
 * is reported elsewhere.
 */
export function coveredToday({ users, groups, catalog }: LicensedToday): readonly CoveredLicense[] {
  const declared = [...groups.values()]
    .filter(({ licenses }) => licenses.length > 0)
    .map(({ id, displayName, licenses }): DeclaredGroup => ({ name: id, groupId: id, displayName, licenses }));
  const members = new Map(declared.map(({ groupId }) => [groupId, new Set<Guid>()]));
  for (const { id, assignments } of users.values()) {
    for (const { assignedByGroup } of assignments) members.get(assignedByGroup ?? "")?.add(id);
  }
  const snapshot: TenantSnapshot = { declared, groups, catalog, users, members, nested: new Map() };
  return coveredLicenses(snapshot, ({ user }, skuId) =>
    user.assignments.some((entry) => entry.skuId === skuId && isFromGroup(entry)),
  );
}

/** The finding, and the lines of the stack file that take it up. */
export function coveredLines(
  covered: readonly CoveredLicense[],
  proposals: readonly Proposal[],
  catalog: Catalog,
): readonly string[] {
  return covered.flatMap(({ skuId, by, group, userIds, seats }) => {
    const [sku, ...given] = [skuId, ...by].map((id) => catalog.skuName(id));
    const there = proposals.find(({ from }) => "group" in from && from.group.id === group.groupId);
    const others = proposals.filter(
      ({ from, licenses }) => from.kind === "direct-holders" && licenses.some((each) => each.skuId === skuId),
    );
    const apart =
      others.length === 0 ? "" : ` and leave them out of ${others.map(({ name }) => name).join(" and ")} below`;
    return [
      `CHOICE: ${counted(userIds.length, "user holds", "users hold")} ${sku} directly, and ${oneLine(group.displayName)} gives them all of it ` +
        `(${given.join(" and ")}): ${counted(seats, "seat")}. To remove it in the waves, under the same proof, declare ` +
        `${there === undefined ? "that group" : `it in ${there.name} below`} like this${apart}:`,
      `  ${there?.name ?? "NAME"}: { existing: ${group.groupId}, licenses: [${given
        .map((name, at) => (at === 0 ? `{ sku: ${name}, replaces: [${sku}] }` : name))
        .join(", ")}] }`,
    ];
  });
}
