import { terminalTable } from "../cli/terminal-table";
import { thousands } from "../licensing/counts";
import { formatSeconds } from "../licensing/duration";
import type { Embedded } from "../rehearsal/embedded/open";
import type { Load } from "../rehearsal/migration/load";
import { countLicenses, wrongFigures, type Change, type Figures, type SkuFigures } from "./figures";
import { bold, paragraph, print } from "./narration";
import { STEPS, type DemoStep } from "./steps";

/** The path of the committed stack file, from the root of the checkout. */
export const STACK_FILE = "stacks/Pulumi.demo.yaml";

/** What a newcomer has to know before the first command. */
export function introduce({ emulator, folder }: Embedded): void {
  const { tenant, url } = emulator;
  const users = thousands(tenant.users().length);
  const held = [...countLicenses(emulator)].map(
    ([skuId, { direct }]) => `${thousands(direct)} hold ${tenant.sku(skuId).skuPartNumber}`,
  );
  const groups = tenant.groups().map(({ displayName }) => `"${displayName}"`);
  print(bold("From direct to inherited licences, and no user loses a service on the way"));
  print();
  paragraph(
    `Contoso has ${users} users: ${held.join(", ")}, each assigned directly. The groups ${groups.join(" and ")} ` +
      "give nothing yet. At the end all users inherit the same licences from them.",
  );
  print();
  paragraph("The Pulumi engine is real. The tenant is an embedded Graph on this machine, and the stack a folder:");
  print();
  print(`  tenant      ${url}`);
  print(`  stack       ${folder}`);
  print(`  stack file  ${STACK_FILE}`);
}

export function announce(step: DemoStep): void {
  const index = STEPS.indexOf(step);
  const { title, why, changes, command } = step;
  print();
  print(bold(`── ${index + 1} of ${STEPS.length}: ${title} ──`));
  paragraph(why);
  print();
  for (const [key, value] of Object.entries(changes)) {
    if (value === STEPS[index - 1]?.changes[key]) continue;
    print(`  ${key}: ${String(value)}   # now in the stack file`);
    print();
  }
  print(bold(`$ pulumi ${command.join(" ")} --stack demo`));
}

/** What the tenant saw of a step. */
export function showLoad({ requests, writes }: Load): void {
  print();
  print(
    `→ The tenant saw ${thousands(requests)} HTTP requests, with ${writes === 0 ? "no" : thousands(writes)} writes in them.`,
  );
}

/** @returns whether all figures are what they must be */
export function conclude(figures: Figures): boolean {
  const wrong = wrongFigures(figures);
  print();
  print(bold("── From the tenant's own history ──"));
  print(closingTable(figures));
  if (wrong.length === 0) {
    paragraph("All users inherit what they held directly. No user was without a service at any moment.");
  } else {
    print(bold("This is not as it must be:"));
    for (const each of wrong) print(`  ${each}`);
  }
  return wrong.length === 0;
}

/** The figures as a table: a column for each SKU and one for all together. */
function closingTable({ users, skus, servicesLost, usersWithoutAService }: Figures): string {
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

export function clearedUp(folder: string, durationMs: number): void {
  print();
  paragraph(`The tenant and ${folder} are gone again, after ${formatSeconds(durationMs)}; nothing else was touched.`);
}
