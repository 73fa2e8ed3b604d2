import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inline } from "../../cli/render/markdown/inline";
import { table } from "../../cli/render/markdown/table";
import type { Rehearsal } from "../migration/result";
import { sectionsOf, type Section } from "./sections";

/** Writes `rehearsal.md` and `rehearsal.json`, readable only by their owner, because they hold personal data. */
export function writeReport(folder: string, rehearsal: Rehearsal): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const files = { "rehearsal.md": markdownOf(rehearsal), "rehearsal.json": `${JSON.stringify(rehearsal, null, 1)}\n` };
  return Object.entries(files).map(([name, text]) => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  });
}

export function markdownOf(rehearsal: Rehearsal): string {
  const { stack, copiedAt, users, verdict } = rehearsal;
  return [
    `# Rehearsal of ${inline(stack)}`,
    "",
    `**${inline(verdict.summary)}**`,
    "",
    `A copy of ${users.toLocaleString("en-US")} users, made ${copiedAt}, migrated on this machine; the tenant was only read.`,
    "",
    ...sectionsOf(rehearsal).flatMap(sectionLines),
  ].join("\n");
}

function sectionLines({ title, table: steps, lines }: Section): readonly string[] {
  const listed = steps === undefined ? lines.map((line) => `- ${paragraph(line)}`) : lines.map(paragraph);
  const columns = (steps?.head ?? []).map((head, index) => ({
    head,
    cell: (row: readonly string[]) => inline(row[index] ?? ""),
  }));
  return [`## ${title}`, "", ...table(steps?.rows ?? [], columns), ...listed, ""];
}

function paragraph(line: string): string {
  return line.split("\n").map(inline).join("<br>");
}
