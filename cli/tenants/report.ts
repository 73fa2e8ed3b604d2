import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { counted } from "../../licensing/counts";
import { writeOwnFile } from "../plan/own-file";
import { reportMarkdown } from "./report-markdown";
import { failure, needsPerson, tenantResultSchema, WORDS, type TenantResult } from "./result";

/** Sorts worst first, then by name, so that tenants that need an administrator are at the top. */
export function inOrder(results: readonly TenantResult[]): readonly TenantResult[] {
  const rank = ({ verdict }: TenantResult) => WORDS.indexOf(verdict);
  return [...results].sort((a, b) => rank(a) - rank(b) || (a.stack < b.stack ? -1 : 1));
}

/** `50 tenants: 47 well, 2 need attention, 1 failed`. */
export function summaryOf(results: readonly TenantResult[]): string {
  const count = (is: (result: TenantResult) => boolean) => results.filter(is).length;
  const failed = count(({ verdict }) => verdict === "failed");
  const others = count((result) => needsPerson(result) && result.verdict !== "failed");
  const work = count((result) => !needsPerson(result) && result.verdict === "work");
  const well = results.length - failed - others - work;
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(others > 0 ? [`${others} ${others === 1 ? "needs" : "need"} attention`] : []),
    ...(work > 0 ? [`${work} can go on`] : []),
    ...(well > 0 ? [`${well} well`] : []),
  ];
  return `${counted(results.length, "tenant")}: ${parts.join(", ")}`;
}

/** Writes the report on all tenants as Markdown and as JSON. @returns the Markdown file */
export function writeReport(results: readonly TenantResult[], folder: string, nowMs: number): string {
  const ordered = inOrder(results);
  const markdown = reportMarkdown(ordered, summaryOf(ordered), nowMs);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const data = { at: new Date(nowMs).toISOString(), summary: summaryOf(ordered), tenants: ordered };
  writeOwnFile(join(folder, "tenants.json"), `${JSON.stringify(data, null, 1)}\n`);
  writeOwnFile(join(folder, "tenants.md"), markdown);
  return markdown;
}

/**
 * Reads the results that single runs, such as the jobs of a matrix, left in subfolders. An expected stack without a result counts as
 * failed, because its job did not get that far.
 */
export function resultsIn(folder: string, expected: readonly string[]): readonly TenantResult[] {
  const files = (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => join(folder, name, "result.json"))
    .filter((file) => existsSync(file));
  const found = files.map((file) => tenantResultSchema.parse(JSON.parse(readFileSync(file, "utf8"))));
  const missing = expected.filter((stack) => found.every((result) => result.stack !== stack));
  return [
    ...found,
    ...missing.map((stack) =>
      failure(
        { stack, tenant: null, look: found[0]?.look ?? "drift", seconds: 0 },
        "Its run left no result.",
        "See the log of its own run: it ended before the tenant was read.",
      ),
    ),
  ];
}
