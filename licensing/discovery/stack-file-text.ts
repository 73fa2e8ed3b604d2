import { Document, isMap, isScalar, visit, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { Catalog } from "../catalog/catalog";
import { isGuid, type Guid, type License } from "../model";
import { formatTime } from "../moment-words";
import { counted } from "../counts";
import type { Cloud } from "../stack-file/stack-file";
import { ruleText } from "./rule-text";
import type { CoveredLicense } from "../decision/covered";
import { commentOn } from "./comments";
import { coveredLines } from "./covered-today";
import { fewLines, leftAloneLines } from "./left-alone-words";
import { BY_ID, type People } from "../people";
import { oneLine } from "./one-line";
import type { LeftDirect, Proposal } from "./proposal";
import type { LeftAlone } from "./wanted";

export interface StackFileParts {
  readonly tenant: { readonly id: Guid; readonly displayName: string | null };
  readonly cloud: Cloud;
  readonly proposals: readonly Proposal[];
  readonly few: readonly LeftDirect[];
  /** Direct licences that groups give by other SKUs today; absent: none. */
  readonly covered?: readonly CoveredLicense[];
  readonly leftAlone: readonly LeftAlone[];
  readonly without: Parameters<typeof commentOn>[1]["without"];
  readonly catalog: Catalog;
  /** User principal names or ids for new groups. Empty: the identity that runs the stack. */
  readonly owners: readonly string[];
  readonly users: number;
  /** Names users beside their ids, where names may be shown; the file goes into version control. */
  readonly people?: People;
  readonly nowMs: number;
  /** The file's first line, a comment that tells editors of its JSON Schema. */
  readonly schemaLine: string;
}

/** Width of comments, in characters. */
const WIDTH = 110;

/** Users of the first wave. */
const CANARY = 20;

/** A tenth of fewer users than this is less than twice the canary. */
const SMALL = 20 * CANARY;

/**
 * Writes a first stack file with the results of discovery as comments. Needs at least one proposal, because a stack
 * file without groups is invalid.
 */
export function stackFileText(parts: StackFileParts): string {
  const { tenant, cloud, proposals, catalog, owners } = parts;
  const groups = Object.fromEntries(proposals.map((each) => [each.name, groupOf(each, catalog, owners)]));
  const document = new Document({
    config: {
      "licensing:tenant": tenant.id,
      ...(cloud === "global" ? {} : { "licensing:cloud": cloud }),
      "licensing:groups": groups,
      "licensing:waves": [
        { name: "canary", count: CANARY, soak: "24 hours" },
        // The canary is the beginning of the tenth: in a small tenant nothing of it would be left.
        ...(parts.users < SMALL ? [] : [{ name: "tenth", percent: 10, soak: "24 hours" }]),
        { name: "everyone", percent: 100 },
      ],
    },
  });
  const config = document.get("config") as YAMLMap;
  const isLeftAlone = (skuId: Guid) => parts.leftAlone.some((each) => each.skuId === skuId);
  const covered = (parts.covered ?? []).filter(({ skuId }) => !isLeftAlone(skuId));
  const told = written([
    `${oneLine(tenant.displayName ?? tenant.id)} as it was at ${formatTime(parts.nowMs)}: ${counted(parts.users, "user")} with a licence.`,
    "Written by entra-licensing discover, which only reads. Every group below gives its members what they have today; where it would give an app more, or could be another group, a line begins with CHOICE. docs/first-stack-file.md says how to go on; docs/stack-file.md has every key.",
    ...coveredLines(covered, proposals, catalog),
    ...leftAloneLines(parts.leftAlone, catalog),
    ...fewLines(parts.few, catalog),
  ]);
  document.commentBefore = ` ${parts.schemaLine}\n${told}`;
  const id = config.get("licensing:tenant", true);
  if (isScalar(id) && tenant.displayName !== null) id.comment = ` ${oneLine(tenant.displayName)}`;
  before(config, "licensing:groups", [
    "The groups that shall give the licences: first those that give them today, then those of the most users. Each keeps its name for life.",
  ]);
  before(config, "licensing:waves", [
    "The last wave that pulumi up may apply. While it is absent, the groups get their members and licences, and nothing is removed.",
    "  licensing:applyThrough: canary",
    `In order. A user belongs to the first wave that takes them, for good. Better than ${CANARY} by chance: users: [people near you].`,
  ]);
  commentGroups(config.get("licensing:groups") as YAMLMap, parts);
  nameIds(config.get("licensing:groups") as YAMLMap, catalog, parts.people ?? BY_ID);
  return document.toString({ lineWidth: WIDTH });
}

function groupOf(
  { from, displayName, licenses, except }: Proposal,
  catalog: Catalog,
  owners: readonly string[],
): object {
  const given = licenses.map((license) => licenseOf(license, catalog));
  if (from.kind === "licensed" || from.kind === "existing") return { existing: from.group.id, licenses: given };
  const members = from.kind === "rule" ? { rule: ruleText(from.rule) } : "direct-holders";
  return {
    create: {
      displayName,
      ...(owners.length === 0 ? {} : { owners }),
      members,
      ...(except.length === 0 ? {} : { except }),
    },
    licenses: given,
  };
}

/** Uses names that resolve to the same SKU and plans, otherwise ids. */
function licenseOf({ skuId, disabledPlans }: License, catalog: Catalog): unknown {
  const name = catalog.skuName(skuId);
  const found = catalog.findSku(name);
  const sku = "found" in found && found.found.id === skuId && !name.includes(skuId) ? name : skuId;
  if (disabledPlans.length === 0) return sku;
  const plans = disabledPlans.map((planId) => {
    const plan = catalog.planName(planId);
    const lookup = catalog.resolve({ sku: skuId, disabledPlans: [plan] });
    const isEnough = "found" in lookup && lookup.found.disabledPlans[0] === planId && !plan.includes(planId);
    return isEnough ? plan : planId;
  });
  return { sku, disabledPlans: plans };
}

/** Adds the name beside each id of a SKU, a plan or a user as a comment. */
function nameIds(groups: YAMLMap, catalog: Catalog, people: People): void {
  visit(groups, {
    Scalar(_key, scalar) {
      const text = typeof scalar.value === "string" ? scalar.value : "";
      if (!isGuid(text)) return;
      const named = catalog.withNames(text);
      const person = people(text);
      if (named !== text) scalar.comment = ` ${oneLine(named.replace(` (${text})`, ""))}`;
      else if (person !== text) scalar.comment = ` ${oneLine(person.slice(`${text} (`.length, -1))}`;
    },
  });
}

function commentGroups(groups: YAMLMap, parts: StackFileParts): void {
  parts.proposals.forEach((proposal, at) => {
    const pair = groups.items[at] as Pair<Scalar, YAMLMap>;
    pair.key.commentBefore = written(commentOn(proposal, parts));
    if (at > 0) pair.key.spaceBefore = true;
    const existing = isMap(pair.value) ? pair.value.get("existing", true) : undefined;
    const { from } = proposal;
    if (isScalar(existing) && (from.kind === "licensed" || from.kind === "existing")) {
      existing.comment = ` ${oneLine(from.group.displayName)}`;
    }
  });
}

function before(map: YAMLMap, key: string, lines: readonly string[]): void {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key) as Pair<Scalar>;
  pair.key.commentBefore = written(lines);
  pair.key.spaceBefore = true;
}

/** Wraps comment lines. A line that begins with two spaces is an example to copy and stays whole. */
function written(lines: readonly string[]): string {
  return lines.flatMap((line) => (line.startsWith("  ") ? [line.slice(1)] : broken(line))).join("\n");
}

function broken(line: string): string[] {
  const rows: string[] = [];
  for (const word of line.split(" ")) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(` ${word}`);
  }
  return rows;
}
