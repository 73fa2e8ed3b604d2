import type { Catalog } from "../../licensing/catalog/catalog";
import type { CoveredLicense } from "../../licensing/decision/covered";
import type { Affected, Findings } from "../../licensing/discovery/findings";
import { formatFit } from "../../licensing/discovery/fit";
import { WHY_WORDS } from "../../licensing/discovery/left-alone-words";
import type { LeftAlone } from "../../licensing/discovery/wanted";
import { KINDS } from "../../licensing/discovery/people-kinds";
import { KIND_WORDS } from "../../licensing/discovery/people-words";
import type { NearPatterns } from "../../licensing/discovery/near-patterns";
import type { Prices } from "../../licensing/discovery/prices";
import type { LeftDirect, Proposal } from "../../licensing/discovery/proposal";
import { ruleText } from "../../licensing/discovery/rule-text";
import type { Guid, LicensedGroup } from "../../licensing/model";
import { formatTime } from "../../licensing/moment-words";
import { usersShown, type People } from "../../licensing/people";
import { formatLicenses } from "../../licensing/license-patterns";
import { counted, thousands } from "../../licensing/counts";
import { code, inline } from "./markdown/inline";
import { table, type Column } from "./markdown/table";

export interface FindingsPageParts {
  readonly tenant: { readonly id: Guid; readonly displayName: string | null };
  readonly findings: Findings;
  readonly proposals: readonly Proposal[];
  readonly near: readonly NearPatterns[];
  readonly catalog: Catalog;
  /** Groups that give licences today. */
  readonly groups: ReadonlyMap<Guid, Pick<LicensedGroup, "displayName">>;
  readonly prices: Prices;
  /** Gives names, or ids only, because the page may be passed on. */
  readonly leftAlone: readonly LeftAlone[];
  readonly few: readonly LeftDirect[];
  /** Direct licences that groups give by other SKUs today; absent: none. */
  readonly covered?: readonly CoveredLicense[];
  readonly people: People;
  /** Users without licence data, each with the reason; absent: none. */
  readonly unreadable?: ReadonlyMap<Guid, string>;
  readonly nowMs: number;
}

/** The page of findings, in Markdown. */
export function findingsPage(parts: FindingsPageParts): string {
  const { tenant, findings, nowMs } = parts;
  return [
    `# What is there in ${inline(tenant.displayName ?? tenant.id)}?`,
    "",
    `${counted(findings.users, "user")} with a licence, ${counted(findings.direct, "direct assignment")} in force, read until ` +
      `${formatTime(nowMs)}. Nothing was changed.`,
    "",
    ...section("Which subscriptions are ending?", ending(parts), ENDING),
    ...section("Which groups are proposed?", proposed(parts)),
    ...section("Which SKUs are left alone?", leftAlone(parts), LEFT_ALONE),
    ...section("Which licences do only a few users hold?", fewOf(parts), FEW),
    ...section("Which patterns are one plan apart?", near(parts), NEAR),
    ...section("Which users are licensed twice?", twice(parts), TWICE),
    ...section("Which direct licences do groups give by other SKUs?", covered(parts), COVERED),
    ...KINDS.flatMap((kind) =>
      section(KIND_WORDS[kind].title, affected(parts, findings.kinds[kind]), KIND_WORDS[kind].todo),
    ),
    ...section("Which members are in error?", inError(parts), IN_ERROR),
    ...section("Which users could not be read?", unreadable(parts), UNREADABLE),
    ...section("Which licences have an unknown source?", affected(parts, findings.unknownSource), UNKNOWN),
    ...section("Which direct licences are not in force?", affected(parts, findings.notInForce), NOT_IN_FORCE),
    ...section("Which licences can no stack file name?", affected(parts, findings.unlisted), UNLISTED),
    ...section("Which seats are unused?", seats(parts)),
    "",
  ].join("\n");
}

const NEAR =
  "Most such pairs are accidents, some are not. Where the plan is only an app, the smaller set joins the larger one; the stack file says which users gain which plan.";
const TWICE =
  "Directly and from a group takes one seat; the migration ends it. A SKU takes a seat for nothing if other SKUs of the same user give all of its plans.";
const COVERED =
  "All that the direct licence gives comes from the group as well: its seat is paid for nothing. Declare the group with `replaces: [SKU]` on the licence that gives most of it, and the waves remove the direct one, under the same proof.";
const ENDING =
  "In its grace period a subscription works and ends soon: renew it before its users are moved. One that has ended gives nothing, and no group is proposed for it.";
const LEFT_ALONE =
  "Users take them for themselves, or try them; or the subscription has ended; or a plan of the SKU needs one that its holders do not hold directly. `entra-licensing discover --self-service` proposes groups for the first.";
const FEW =
  "No group is proposed for them, and none takes them as they are: they keep their direct licences. `entra-licensing discover --every-variant` proposes a group for each.";
const IN_ERROR =
  "Entra could not apply what the group gives. It stays so until the cause is mended and the user is reprocessed.";
const UNREADABLE =
  "Nothing is proposed on their account, and they keep what they have. Look at `GET /users/{id}?$select=licenseAssignmentStates`, and run discover again when it comes.";
const UNKNOWN =
  "Graph shows the SKU and not where it comes from. It is left alone, and blocks its holder's wave for that SKU alone.";
const NOT_IN_FORCE =
  "Assigned directly, and not working: no seat, or a subscription that has ended. No group is proposed for these.";
const UNLISTED = "The tenant no longer lists the SKU, or it is one for the company. They stay as they are.";

function section(title: string, rows: readonly string[], note?: string): readonly string[] {
  const found = note === undefined ? rows : [note, "", ...rows];
  return [`## ${title}`, "", ...(rows.length === 0 ? ["None.", ""] : found)];
}

function unreadable({ unreadable: users = new Map() }: FindingsPageParts): readonly string[] {
  return [...users].sort().flatMap(([, why], at, all) => [`- ${inline(why)}`, ...(at === all.length - 1 ? [""] : [])]);
}

function proposed({ proposals, catalog }: FindingsPageParts): readonly string[] {
  return table(proposals, [
    { head: "group", cell: ({ name }) => code(name) },
    { head: "gives", cell: ({ licenses }) => inline(formatLicenses(licenses, catalog)) },
    { head: "to", cell: ({ holders }) => counted(holders.length, "user") },
    { head: "members", cell: ({ from }) => inline(formatMembers(from)) },
    { head: "would nearly fit", cell: ({ alternatives }) => alternatives.map(nearlyFits).map(inline).join("; ") },
  ]);
}

function formatMembers(from: Proposal["from"]): string {
  switch (from.kind) {
    case "licensed":
      return `${from.group.displayName}, which gives it today`;
    case "existing":
      return `${from.group.displayName}, which fits exactly`;
    case "rule":
      return `a new dynamic group: ${ruleText(from.rule)}`;
    case "direct-holders":
      return "a new group, which they join";
  }
}

function nearlyFits({ from, fit }: Proposal["alternatives"][number]): string {
  return `${from.kind === "rule" ? ruleText(from.rule) : from.group.displayName} ${formatFit(fit)}`;
}

function near({ near: pairs, catalog }: FindingsPageParts): readonly string[] {
  const holdersOf = ({ license, holders }: NearPatterns["withPlan"]) =>
    inline(`${formatLicenses([license], catalog)}: ${counted(holders.length, "user")}`);
  return table(pairs, [
    { head: "plan", cell: ({ planId }) => inline(catalog.planName(planId)) },
    { head: "with it", cell: ({ withPlan }) => holdersOf(withPlan) },
    { head: "without it", cell: ({ withoutPlan }) => holdersOf(withoutPlan) },
  ]);
}

function ending({ findings, catalog, people }: FindingsPageParts): readonly string[] {
  return table(findings.ending, [
    skuOf(catalog),
    { head: "status", cell: ({ status }) => inline(status) },
    ...usersOf(people),
  ]);
}

function leftAlone({ leftAlone: all, catalog, people }: FindingsPageParts): readonly string[] {
  return table(all, [
    skuOf(catalog),
    {
      head: "why",
      cell: ({ why }) => WHY_WORDS[why],
    },
    ...usersOf(people),
  ]);
}

function fewOf({ few, catalog, people }: FindingsPageParts): readonly string[] {
  return table(
    few.map(({ license, userIds }) => ({ license, userIds, skuId: license.skuId })),
    [{ head: "licence", cell: ({ license }) => inline(formatLicenses([license], catalog)) }, ...usersOf(people)],
  );
}

function inError({ findings, catalog, people, groups }: FindingsPageParts): readonly string[] {
  return table(findings.inError, [
    skuOf(catalog),
    { head: "from the group", cell: ({ groupId }) => code(groups.get(groupId)?.displayName ?? groupId) },
    { head: "cause", cell: ({ cause }) => inline(cause) },
    ...usersOf(people),
  ]);
}

function twice({ findings, catalog, people }: FindingsPageParts): readonly string[] {
  const rows = [
    ...findings.bothWays.map((found) => ({ ...found, and: "the same from a group" })),
    ...findings.contained.map((found) => ({
      ...found,
      and: `${found.inSkuIds.map((id) => catalog.skuName(id)).join(" and ")}, with all its plans or better ones`,
    })),
  ];
  return table(rows, [skuOf(catalog), { head: "and", cell: ({ and }) => inline(and) }, ...usersOf(people)]);
}

function covered({ covered: all = [], catalog, people }: FindingsPageParts): readonly string[] {
  return table(all, [
    skuOf(catalog),
    { head: "given by", cell: ({ by }) => inline(by.map((id) => catalog.skuName(id)).join(" and ")) },
    { head: "from the group", cell: ({ group }) => inline(group.displayName) },
    { head: "seats", cell: ({ seats }) => thousands(seats), isNumber: true },
    ...usersOf(people),
  ]);
}

function affected({ catalog, people }: FindingsPageParts, found: readonly Affected[]): readonly string[] {
  return table(found, [skuOf(catalog), ...usersOf(people)]);
}

function skuOf(catalog: Catalog): Column<Pick<Affected, "skuId">> {
  return {
    head: "SKU",
    cell: ({ skuId }) => {
      const [name, product] = [catalog.skuName(skuId), catalog.product(skuId)];
      return inline(product === name ? name : `${name} (${product})`);
    },
  };
}

function usersOf(people: People): readonly Column<Affected>[] {
  // As code, so that an address can be copied unchanged. Ids contain no Markdown.
  const shown: People = (userId) => (people(userId) === userId ? userId : code(people(userId)));
  return [
    { head: "users", cell: ({ userIds }) => thousands(userIds.length), isNumber: true },
    { head: "who", cell: ({ userIds }) => usersShown(userIds, shown) },
  ];
}

/** With prices, what the seats cost in a month. */
function seats({ findings, catalog, prices }: FindingsPageParts): readonly string[] {
  const priced = prices.size > 0;
  const money = (price: number | undefined, count: number) => (price === undefined ? "" : (price * count).toFixed(2));
  const disabled = new Map(findings.disabledAccounts.map(({ skuId, userIds }) => [skuId, userIds.length]));
  const rows = findings.seats.map(({ skuId, bought, inGrace, used, unused }) => {
    const name = catalog.skuName(skuId);
    const product = catalog.product(skuId);
    const price = prices.get(skuId);
    return [
      inline(product === name ? name : `${name} (${product})`),
      inGrace === 0 ? thousands(bought) : `${thousands(bought)} (${thousands(inGrace)} in their grace period)`,
      ...[used, unused].map(thousands),
      ...(priced ? [money(price, used), money(price, unused), money(price, disabled.get(skuId) ?? 0)] : []),
    ];
  });
  const heads = ["SKU", "bought", "in use", "unused"];
  const columns = [...heads, ...(priced ? ["a month: in use", "unused", "disabled accounts"] : [])].map(
    (head, index): Column<readonly string[]> => ({ head, cell: (row) => row[index] ?? "", isNumber: index > 0 }),
  );
  return table(priced ? [...rows, totalRow(findings, prices, disabled)] : rows, columns);
}

function totalRow({ seats: all }: Findings, prices: Prices, disabled: ReadonlyMap<Guid, number>): readonly string[] {
  const sum = (countOf: (seat: Findings["seats"][number]) => number) =>
    all.reduce((cost, seat) => cost + (prices.get(seat.skuId) ?? 0) * countOf(seat), 0).toFixed(2);
  return [
    "**all with a price**",
    "",
    "",
    "",
    sum(({ used }) => used),
    sum(({ unused }) => unused),
    sum(({ skuId }) => disabled.get(skuId) ?? 0),
  ];
}
