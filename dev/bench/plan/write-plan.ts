import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectForReading } from "../../../graph/tenant-graph";
import { planDocument } from "../../../licensing/plan-document/plan-document";
import { planMarkdown } from "../../../cli/render/plan-markdown";
import { planPage } from "../../../cli/render/plan-page";
import { planTenant } from "../plan-tenant";
import { theStackFile } from "../stack-file";

/** Reads and plans as the program does, then writes the plan as `entra-licensing plan` does. In a process of its own, for its figures. */

/** What making a plan took. Processor time is of this process alone: while Graph answers it has none. */
export interface PlanFigures {
  /** Reading the tenant, taking its answers apart, and deciding. */
  readonly planCpuMs: number;
  /** The plan as a value, as text and as a page. */
  readonly filesCpuMs: number;
  readonly wallMs: number;
  readonly peakMegabytes: number;
  readonly markdownCharacters: number;
  readonly pageBytes: number;
}

const [url = "", folder = "."] = process.argv.slice(2);

async function writePlan(): Promise<PlanFigures> {
  const startedMs = performance.now();
  const cpuMs = stopwatch();
  const stackFile = theStackFile(url);
  const { tenant, cloud, showNames } = stackFile;
  const graph = connectForReading({ tenant, cloud });
  const { input, plan, warnings } = await planTenant(graph, stackFile);
  const planCpuMs = cpuMs();
  const document = planDocument({ stack: "bench", tenant, input, plan, warnings, showNames });
  const markdown = planMarkdown(document);
  const page = planPage(document);
  writeFileSync(join(folder, "plan.json"), `${JSON.stringify(document, null, 1)}\n`);
  writeFileSync(join(folder, "plan.md"), markdown);
  writeFileSync(join(folder, "plan.html"), page);
  return {
    planCpuMs,
    filesCpuMs: cpuMs() - planCpuMs,
    wallMs: performance.now() - startedMs,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    markdownCharacters: markdown.length,
    pageBytes: Buffer.byteLength(page),
  };
}

function stopwatch(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}

void writePlan().then((figures) => {
  process.send?.(figures);
  process.disconnect();
});
