import type { Catalog } from "../catalog/catalog";
import { missing } from "../effective-plans";
import type { Finding } from "../finding";
import { oneCallInstead } from "../loss/one-call";
import type { Assignment, Guid, License } from "../model";
import { counted } from "../counts";
import type { Cohort } from "./cohort";
import type { Failure } from "./failure";

/**
 * A group gives a member all of its SKUs or none, so one failing SKU keeps back the others. A warning for members
 * that lack them. An error for members with plans from this group alone: no document says that these survive a
 * failed change.
 */
export function allOrNothingFindings(
  failures: readonly Failure[],
  excludes: (off: License, add: License) => boolean,
  catalog: Catalog,
): readonly Finding[] {
  const byCulprit = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = `${failure.cohort.group.declared.name} ${failure.skuId}`;
    byCulprit.set(key, [...(byCulprit.get(key) ?? []), failure]);
  }
  return [...byCulprit.values()].flatMap((same) => [...keptBack(same, catalog), ...atRisk(same, excludes, catalog)]);
}

function keptBack(failures: readonly Failure[], catalog: Catalog): readonly Finding[] {
  const [first] = failures;
  if (first === undefined) return [];
  const { declared } = first.cohort.group;
  const siblings = declared.licenses.map(({ skuId }) => skuId).filter((skuId) => skuId !== first.skuId);
  const waiting = failures.filter(({ cohort }) => siblings.some((skuId) => fromGroup(cohort, skuId) === undefined));
  const userIds = idsOf(waiting);
  if (userIds.length === 0) return [];
  const others = siblings.map((skuId) => catalog.skuName(skuId)).join(", ");
  const sku = catalog.skuName(first.skuId);
  const members = waiting.every(({ cause }) => cause === "seat")
    ? `those of ${counted(userIds.length, "member")} that get no seat of ${sku}`
    : `${counted(userIds.length, "member")} for which ${sku} ${waiting.every(({ isSure }) => isSure) ? "would" : "may"} fail`;
  return [
    {
      code: "all-or-nothing",
      severity: "warning",
      about: `${declared.name} ${sku}`,
      count: userIds.length,
      message:
        `${declared.displayName} gives all of its licences to a member or none: ${members} would not get ${others} from it ` +
        "either. They keep what they have.",
      remedy: `Mend what stands in the way, or give ${sku} through a group of its own.`,
      userIds,
    },
  ];
}

function atRisk(
  failures: readonly Failure[],
  excludes: (off: License, add: License) => boolean,
  catalog: Catalog,
): readonly Finding[] {
  const [first] = failures;
  if (first === undefined) return [];
  const { declared, now } = first.cohort.group;
  const depending = failures.filter(({ cohort }) => plansAtRisk(cohort, catalog).length > 0);
  const userIds = idsOf(depending);
  if (userIds.length === 0) return [];
  const plans = [...new Set(depending.flatMap(({ cohort }) => plansAtRisk(cohort, catalog)))]
    .map((id) => catalog.planName(id))
    .sort();
  const sku = catalog.skuName(first.skuId);
  const isExclusive = depending.some(({ cause }) => cause === "exclusive");
  const instead = isExclusive ? oneCallInstead(declared, now.licenses, excludes, catalog) : null;
  return [
    {
      code: "all-or-nothing-loss",
      severity: "error",
      about: `${declared.name} ${sku}`,
      count: userIds.length,
      message:
        `The change of ${sku} in ${declared.displayName} would fail for ${counted(userIds.length, "member")} (${causes(depending)}), and a ` +
        `group gives all of its licences or none: what they have from this group alone (${plans.join(", ")}) could go with it.`,
      remedy:
        instead === null
          ? `Give ${sku} through a group of its own, or first mend what stands in the way.`
          : `${instead.replace(/^w/, "W")}; or give ${sku} through a group of its own.`,
      userIds,
    },
  ];
}

/** Plans that no reliable source gives except this group. */
function plansAtRisk({ group, like }: Cohort, catalog: Catalog): readonly Guid[] {
  const plans = (entries: readonly Assignment[]) =>
    new Set(entries.flatMap((entry) => [...catalog.enabledPlans(entry)]));
  const inForce = like.assignments.filter(({ state }) => state === "Active" || state === "ActiveWithError");
  const own = inForce.filter((entry) => entry.assignedByGroup === group.declared.groupId);
  const others = inForce.filter((entry) => entry.assignedByGroup !== group.declared.groupId && entry.error === null);
  return missing(plans(own), plans(others));
}

function fromGroup({ group, like }: Cohort, skuId: Guid): Assignment | undefined {
  return like.assignments.find(
    (entry) => entry.skuId === skuId && entry.assignedByGroup === group.declared.groupId && entry.state !== "Error",
  );
}

function causes(failures: readonly Failure[]): string {
  return [...new Set(failures.map(({ detail }) => detail))].sort().join("; ");
}

function idsOf(failures: readonly Failure[]): readonly Guid[] {
  return [...new Set(failures.flatMap(({ cohort }) => cohort.userIds))].sort();
}
