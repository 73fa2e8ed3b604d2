import { terminalTable } from "../cli/terminal-table";
import type { Change, Figures, SkuFigures } from "./figures";
import { thousands } from "./narration";

/** The figures as a table: a column for each SKU and one for all together. */
export function closingTable({ users, skus, servicesLost, usersWithoutAService }: Figures): string {
  const changed = (name: string, of: (sku: SkuFigures) => Change) => {
    const changes = skus.map(of);
    return [name, ...changes.map(arrow), arrow(together(changes))];
  };
  const removals = skus.map((sku) => sku.removals);
  const blanks = skus.map(() => "");
  return terminalTable(
    [`${thousands(users)} users`, ...skus.map(({ sku }) => sku), "together"],
    [
      changed("assigned directly", ({ direct }) => direct),
      changed("inherited from a group", ({ inherited }) => inherited),
      changed("seats in use", ({ seats }) => seats),
      ["direct assignments removed", ...removals.map(thousands), thousands(sum(removals))],
      ["services ever lost", ...blanks, thousands(servicesLost)],
      ["users ever without service", ...blanks, thousands(usersWithoutAService)],
    ],
    { colAligns: ["left", ...skus.map(() => "right" as const), "right"] },
  );
}

function together(changes: readonly Change[]): Change {
  return { before: sum(changes.map(({ before }) => before)), after: sum(changes.map(({ after }) => after)) };
}

function arrow({ before, after }: Change): string {
  return `${thousands(before)} → ${thousands(after)}`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, each) => total + each, 0);
}
