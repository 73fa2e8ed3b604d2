import type { Catalog } from "../catalog/catalog";
import { formatLicenses } from "../license-patterns";
import type { Guid } from "../model";
import { counted, thousands } from "../counts";
import { isUnknownAddOn } from "./add-ons";
import { ruleText } from "./rule-text";
import { formatFit } from "./fit";
import { oneLine } from "./one-line";
import { formatKinds } from "./people-words";
import { keyOf } from "./add-ons";
import { MOST_GAINED } from "./small-gain";
import type { Alternative, Gain, Proposal, SeatCost } from "./proposal";

interface Surroundings {
  readonly proposals: readonly Proposal[];
  readonly catalog: Catalog;
  /**
   * The group that all users would join without this one, and what they would gain; `null`: there is no such group.
   */
  readonly without: (proposal: Proposal) => { readonly to: Proposal; readonly gains: readonly Gain[] } | null;
}

/** The comment above a group: its users, near alternatives, and patterns that differ by one plan. */
export function commentOn(proposal: Proposal, around: Surroundings): readonly string[] {
  const { catalog } = around;
  return [
    whom(proposal, catalog),
    ...kindsLine(proposal),
    ...formatGain(proposal.gains, catalog),
    ...unknownAddOns(proposal, catalog),
    ...proposal.alternatives.map((alternative) => formatAlternative(alternative, catalog)),
    ...formatNear(proposal, around),
    ...formatGiving(proposal, around),
  ];
}

function whom({ from, holders, licenses }: Proposal, catalog: Catalog): string {
  const what = formatLicenses(licenses, catalog);
  switch (from.kind) {
    case "licensed":
      return `${counted(holders.length, "user")} of this group ${holders.length === 1 ? "has" : "have"} ${what} from it and directly too.`;
    case "existing":
      return `${directly(holders.length, what)}: this group has all of them, and no other user would get more.`;
    case "rule":
      return `${directly(holders.length, what)}: all users that this rule takes. Entra adds users that match it later, and members of a dynamic group need Microsoft Entra ID P1.`;
    case "direct-holders":
      return `${directly(holders.length, what)} and ${holders.length === 1 ? "becomes a member" : "become members"} of a new group.`;
  }
}

function directly(count: number, what: string): string {
  return `${counted(count, "user")} ${count === 1 ? "holds" : "hold"} ${what} directly`;
}

function kindsLine({ kinds }: Proposal): readonly string[] {
  const words = formatKinds(kinds);
  return words === "" ? [] : [`Among them ${words}: see the findings first.`];
}

/** The most frequent first; more would make the comment unreadable. */
const SHOWN_GAINS = 6;

function formatGain(gains: readonly Gain[], catalog: Catalog): readonly string[] {
  if (gains.length === 0) return [];
  const all = gains
    .slice(0, SHOWN_GAINS)
    .map(({ planIds, userIds }) => `${formatPlans(planIds, catalog)} (${counted(userIds.length, "user")})`);
  if (gains.length > SHOWN_GAINS) {
    const others = gains.slice(SHOWN_GAINS).reduce((sum, { userIds }) => sum + userIds.length, 0);
    all.push(`and other apps (${counted(others, "user")})`);
  }
  return [
    `CHOICE: some of them gain an app that is off in their own licence: ${all.join(", ")}. ` +
      "If that is wanted to stay off, run discover with --every-variant, which makes a group for each variant.",
  ];
}

function formatPlans(planIds: readonly Guid[], catalog: Catalog): string {
  return planIds.map((id) => catalog.planName(id)).join(" and ");
}

function unknownAddOns({ licenses }: Proposal, { skus }: Catalog): readonly string[] {
  // With another SKU in the group, the add-on probably has its prerequisite.
  if (licenses.length > 1) return [];
  return skus
    .filter((sku) => licenses.some(({ skuId }) => skuId === sku.id) && isUnknownAddOn(sku))
    .map(
      ({ partNumber }) =>
        `CHOICE: ${partNumber} looks like an add-on, and this program does not know the licence that it needs. If Entra refuses it alone, give it in ` +
        "one group with the other licences of its holders.",
    );
}

function formatAlternative({ from, fit, seats, otherwise }: Alternative, catalog: Catalog): string {
  const cost = formatCost(seats, catalog);
  const what =
    from.kind === "rule" ? `Or a rule: ${ruleText(from.rule)}` : `Or an existing group: ${formatGroup(from)}`;
  return `${what} ${formatFit(fit)}${cost}${formatOtherwise(otherwise)}.${formatMissed(from, fit)}`;
}

function formatGroup({ group }: Extract<Alternative["from"], { kind: "existing" }>): string {
  return `${oneLine(group.displayName)} (${group.id})`;
}

function formatOtherwise(otherwise: Alternative["otherwise"]): string {
  switch (otherwise) {
    case null:
      return "";
    case "gives-another-sku":
      return ", but it gives another SKU already, and Entra gives a member all SKUs of a group or none";
    case "gives-this-sku-otherwise":
      return ", but it gives this SKU with other plans, which would change";
    case "not-security-enabled":
      return ", but it is not security-enabled, and such a group can give no licence";
    case "fits-others":
      return ", but most of its members have more of it, and this would be a group for the few";
  }
}

/** `, which takes 3 more seats of EMS (2 are left)`. */
export function formatCost(seats: readonly SeatCost[], catalog: Catalog): string {
  if (seats.length === 0) return "";
  const all = seats.map(
    ({ skuId, more, left }) =>
      `${counted(more, "more seat")} of ${catalog.skuName(skuId)} (${left < more ? "only " : ""}${thousands(left)} ${left === 1 ? "is" : "are"} left)`,
  );
  return `, which takes ${all.join(" and ")}`;
}

/** What happens to holders outside the alternative. */
function formatMissed(from: Alternative["from"], { covered, holders }: Alternative["fit"]): string {
  const left = holders - covered;
  if (left === 0) return "";
  const users = left === 1 ? "The one user outside it keeps" : `The ${thousands(left)} users outside it keep`;
  const isDecided = from.kind === "rule" || from.group.membershipRule !== null;
  return ` ${users} the direct licence${isDecided ? ": a rule decides its members." : " until they are made members."}`;
}

/**
 * Comment on the pattern with fewer plans enabled, the one to remove if it is an accident. Offered only if the
 * joining rule confirms it.
 */
function formatNear(proposal: Proposal, { catalog, without }: Surroundings): string[] {
  if (proposal.from.kind !== "direct-holders") return [];
  const then = without(proposal);
  const [gain, ...others] = then?.gains ?? [];
  if (then === null || gain === undefined || others.length > 0 || gain.isExcluded) return [];
  if (gain.planIds.length > MOST_GAINED) return [];
  const whose = `its ${counted(proposal.holders.length, "user")}`;
  return [
    `CHOICE: if this group is an accident, take it out: ${whose} then ${proposal.holders.length === 1 ? "joins" : "join"} ${then.to.name}, ` +
      `${gain.userIds.length === proposal.holders.length ? "" : `${thousands(gain.userIds.length)} of them `}with ` +
      `${formatPlans(gain.planIds, catalog)} on. That takes no further seat.`,
  ];
}

/** Points to a group that gives the same today. Its owner may add these users; this program does not. */
function formatGiving({ from, holders, licenses }: Proposal, { proposals }: Surroundings): string[] {
  if (from.kind !== "direct-holders") return [];
  const there = proposals.find(
    (each) =>
      each.from.kind === "licensed" &&
      each.from.group.membershipRule === null &&
      keyOf(each.from.group.licenses) === keyOf(licenses),
  );
  if (there === undefined) return [];
  const whom = holders.length === 1 ? "the user a member" : `these ${thousands(holders.length)} users members`;
  return [
    `CHOICE: or make ${whom} of ${oneLine(there.displayName)}, which gives the same today, and take this group out. That takes no further seat.`,
  ];
}
