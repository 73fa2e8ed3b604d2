import type { Catalog } from "../catalog";
import type { People } from "../people";
import { usersShown } from "../people";
import { licenseWords } from "../plan-words";
import { PRODUCT_NAMES } from "../product-names";
import { counted, thousands } from "../tally";
import type { Guid } from "../model";
import { timeWords } from "../moment-words";
import type { Affected, Findings } from "./findings";
import { fitWords } from "./fit";
import type { NearPatterns } from "./near-patterns";
import { oneLine } from "./one-line";
import type { Prices } from "./prices";
import { ruleText } from "./rule-text";
import type { Proposal } from "./proposal";

export interface FindingsPageParts {
  readonly tenant: { readonly id: Guid; readonly displayName: string | null };
  readonly findings: Findings;
  readonly proposals: readonly Proposal[];
  readonly near: readonly NearPatterns[];
  readonly catalog: Catalog;
  readonly prices: Prices;
  /** Names or ids: the page may be passed on. */
  readonly people: People;
  readonly nowMs: number;
}

/** The page of findings, in Markdown. */
export function findingsPage(parts: FindingsPageParts): string {
  const { tenant, findings, nowMs } = parts;
  const name = oneLine(tenant.displayName ?? tenant.id);
  return [
    `# What is there in ${escaped(name)}?`,
    `${counted(findings.users, "user")} with a licence, ${counted(findings.direct, "direct assignment")} in force, read until ` +
      `${timeWords(nowMs)}. Nothing was changed.`,
    ...section("Which groups are proposed?", proposed(parts)),
    ...section("Which patterns are one plan apart?", near(parts), NEAR),
    ...section("Who is licensed twice?", twice(parts), TWICE),
    ...section("Which disabled accounts have licences?", affected(parts, findings.disabledAccounts), DISABLED),
    ...section("Whose licence has an unknown source?", affected(parts, findings.unknownSource), UNKNOWN),
    ...section("Which direct licences are not in force?", affected(parts, findings.notInForce), NOT_IN_FORCE),
    ...section("Which licences can no stack file name?", affected(parts, findings.unlisted), UNLISTED),
    ...section("Which seats are unused?", seats(parts)),
    "",
  ].join("\n\n");
}

const NEAR =
  "Most such pairs are accidents, some are not. They are proposed as they are; the stack file says at each how to merge it.";
const TWICE =
  "Directly and from a group takes one seat; the migration ends it. A SKU whose plans another SKU of the same user gives as well takes a seat for nothing.";
const DISABLED = "They keep what they have. Each takes a seat.";
const UNKNOWN =
  "Graph shows the SKU and not where it comes from. It is left alone, and blocks its holder's wave for that SKU alone.";
const NOT_IN_FORCE =
  "Assigned directly, and not working: no seat, or a subscription that has ended. No group is proposed for these.";
const UNLISTED = "The tenant no longer lists the SKU, or it is one for the company. They stay as they are.";

function section(title: string, body: readonly string[], note?: string): readonly string[] {
  return [`## ${title}`, ...(body.length === 0 ? ["None."] : [...(note === undefined ? [] : [note]), body.join("\n")])];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function proposed({ proposals, catalog }: FindingsPageParts): readonly string[] {
  return table(
    ["group", "gives", "to", "members", "would nearly fit"],
    proposals.map(({ name, licenses, holders, from, alternatives }) => [
      `\`${name}\``,
      escaped(licenseWords(licenses, catalog)),
      counted(holders.length, "user"),
      escaped(membersWords(from)),
      alternatives
        .map(({ from: other, fit }) =>
          escaped(
            `${other.kind === "rule" ? ruleText(other.rule) : oneLine(other.group.displayName)} ${fitWords(fit)}`,
          ),
        )
        .join("; "),
    ]),
  );
}

function membersWords(from: Proposal["from"]): string {
  switch (from.kind) {
    case "licensed":
      return `${oneLine(from.group.displayName)}, which gives it today`;
    case "existing":
      return `${oneLine(from.group.displayName)}, which fits exactly`;
    case "rule":
      return `a new dynamic group: ${ruleText(from.rule)}`;
    case "direct-holders":
      return "a new group, which they join";
  }
}

function near({ near: pairs, catalog }: FindingsPageParts): readonly string[] {
  return table(
    ["plan", "with it", "without it"],
    pairs.map(({ planId, withPlan, withoutPlan }) => [
      escaped(catalog.planName(planId)),
      ...[withPlan, withoutPlan].map(({ license, holders }) =>
        escaped(`${licenseWords([license], catalog)}: ${counted(holders.length, "user")}`),
      ),
    ]),
  );
}

function twice({ findings, catalog, people }: FindingsPageParts): readonly string[] {
  return table(
    ["SKU", "and", "users", "who"],
    [
      ...findings.bothWays.map(({ skuId, userIds }) => [skuId, "the same from a group", userIds] as const),
      ...findings.contained.map(
        ({ skuId, inSkuId, userIds }) =>
          [skuId, `${catalog.skuName(inSkuId)}, which has all its plans`, userIds] as const,
      ),
    ].map(([skuId, and, userIds]) => [
      escaped(catalog.skuName(skuId)),
      escaped(and),
      thousands(userIds.length),
      escaped(usersShown(userIds, people)),
    ]),
  );
}

function affected({ catalog, people }: FindingsPageParts, found: readonly Affected[]): readonly string[] {
  return table(
    ["SKU", "users", "who"],
    found.map(({ skuId, userIds }) => [
      escaped(catalog.skuName(skuId)),
      thousands(userIds.length),
      escaped(usersShown(userIds, people)),
    ]),
  );
}

/** With prices, what the seats cost in a month. */
function seats({ findings, catalog, prices }: FindingsPageParts): readonly string[] {
  const priced = prices.size > 0;
  const money = (price: number | undefined, count: number) => (price === undefined ? "" : (price * count).toFixed(2));
  const disabled = new Map(findings.disabledAccounts.map(({ skuId, userIds }) => [skuId, userIds.length]));
  const rows = findings.seats.map(({ skuId, bought, used, unused }) => {
    const name = catalog.skuName(skuId);
    const product = PRODUCT_NAMES[name];
    const price = prices.get(skuId);
    return [
      escaped(product === undefined ? name : `${name} (${product})`),
      ...[bought, used, unused].map(thousands),
      ...(priced ? [money(price, used), money(price, unused), money(price, disabled.get(skuId) ?? 0)] : []),
    ];
  });
  const head = ["SKU", "bought", "in use", "unused"];
  return table(
    priced ? [...head, "a month: in use", "unused", "disabled accounts"] : head,
    priced ? [...rows, totalRow(findings, prices, disabled)] : rows,
  );
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

/** A name in a Markdown table or heading stands for itself. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, (mark) => (mark === "<" ? "&lt;" : `\\${mark}`));
}
