import type { Emulator } from "../emulator";
import { closingTable } from "./closing-table";
import { countLicenses, wrongFigures, type Figures } from "./figures";
import { bold, paragraph, print, thousands } from "./narration";
import { STACK_FILE } from "./stack-file";
import { STEPS, type Step } from "./steps";

/** What a newcomer has to know before the first command. */
export function introduce(emulator: Emulator, folder: string): void {
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

export function announce(step: Step): void {
  const index = STEPS.indexOf(step);
  const { title, why, applyThrough, command } = step;
  print();
  print(bold(`── ${index + 1} of ${STEPS.length}: ${title} ──`));
  paragraph(why);
  print();
  if (applyThrough !== null && applyThrough !== STEPS[index - 1]?.applyThrough) {
    print(`  licensing:applyThrough: ${applyThrough}   # now in the stack file`);
    print();
  }
  print(bold(`$ pulumi ${command.join(" ")} --stack demo`));
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

export function clearedUp(folder: string, durationMs: number): void {
  print();
  paragraph(
    `The tenant and ${folder} are gone again, after ${Math.round(durationMs / 1000)} s; nothing else was touched.`,
  );
}
