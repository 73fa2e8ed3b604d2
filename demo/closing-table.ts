import Table from "cli-table3";
import type { Change, Figures, SkuFigures } from "./figures";

/** The figures as a table: a column for each SKU and one for all together. */
export function closingTable({ users, skus, servicesLost, usersWithoutAService }: Figures): string {
  const table = new Table({
    head: [`${count(users)} users`, ...skus.map(({ sku }) => sku), "together"],
    colAligns: ["left", ...skus.map(() => "right" as const), "right"],
    // Colours are for the terminal's own output: this is also read in logs and pasted into documents.
    style: { head: [], border: [], compact: true },
  });
  const row = (name: string, of: (sku: SkuFigures) => Change) => {
    const changes = skus.map(of);
    table.push([name, ...changes.map(arrow), arrow(together(changes))]);
  };
  row("assigned directly", ({ direct }) => direct);
  row("inherited from a group", ({ inherited }) => inherited);
  row("seats in use", ({ seats }) => seats);
  const removals = skus.map((sku) => sku.removals);
  table.push(["direct assignments removed", ...removals.map(count), count(sum(removals))]);
  const blanks = skus.map(() => "");
  table.push(["services lost, at any moment", ...blanks, count(servicesLost)]);
  table.push(["users without a service, at any moment", ...blanks, count(usersWithoutAService)]);
  return table.toString();
}

function together(changes: readonly Change[]): Change {
  return { before: sum(changes.map(({ before }) => before)), after: sum(changes.map(({ after }) => after)) };
}

function arrow({ before, after }: Change): string {
  return `${count(before)} → ${count(after)}`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, each) => total + each, 0);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
