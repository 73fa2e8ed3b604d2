import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launchBrowser } from "../../browser/launch";
import { nextMessage, startChild } from "../child";
import { EmbeddedGraph } from "../graph/embedded-graph";
import type { GraphFigures } from "../graph/wishes";
import type { PlanFigures } from "./write-plan";

export interface PlanRun extends PlanFigures {
  readonly users: number;
  readonly graphStartMs: number;
  readonly graph: GraphFigures;
  /** From the click to the end of loading; `null`: no browser on this machine. */
  readonly pageOpensMs: number | null;
}

/** Share of blocked users in the plan: a realistic worst case for the page's table. */
const IN_ERROR = 0.05;

/** The plan of a tenant of this size, and its page in a browser. */
export async function planFiles(users: number, latencyMs: number): Promise<PlanRun> {
  const graph = await EmbeddedGraph.start({
    users,
    isLicensed: true,
    inError: Math.floor(users * IN_ERROR),
    latencyMs,
  });
  const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-bench-"));
  try {
    await graph.begin();
    const child = startChild(join(__dirname, "write-plan.ts"), [graph.address.url, folder], graph.environment);
    const figures = await nextMessage<PlanFigures>(child, "the plan");
    const pageOpensMs = await timeToOpen(join(folder, "plan.html"));
    return { users, graphStartMs: graph.address.startMs, ...figures, graph: await graph.figures(), pageOpensMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await graph.stop();
  }
}

async function timeToOpen(file: string): Promise<number | null> {
  const browser = await launchBrowser().catch(() => null);
  if (browser === null) return null;
  try {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    return (await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")) as number;
  } finally {
    await browser.close();
  }
}
