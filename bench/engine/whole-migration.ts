import { join } from "node:path";
import { LocalStack } from "../../tools/local-stack";
import { EmbeddedGraph } from "../graph/embedded-graph";
import { benchStackFile } from "../stack-file";
import { measure, type EngineFigures } from "./engine-run";
import { compareStartUp, type StartUp } from "./start-up";

/** The size of the seed's example. */
export const SEED_USERS = 1_000;

/** Nothing is in the state yet, and the groups have no licences. */
export interface FirstPreview {
  readonly users: number;
  readonly graphStartMs: number;
  readonly preview: EngineFigures;
}

/** A migration from its first preview to a run that finds nothing more to do, on the real engine. */
export interface WholeMigration extends FirstPreview {
  /** Licenses the groups, and looks at every member. */
  readonly licenseGroups: EngineFigures;
  /** Removes what is direct, all waves in one run. */
  readonly removeDirect: EngineFigures;
  /** Once more. */
  readonly noChange: EngineFigures;
  /** Of the stack as `pulumi stack export` writes it, when all is done. */
  readonly stateBytes: number;
  /** Measured in the seed's size alone; `null`: not here. */
  readonly startUp: StartUp | null;
}

const UP = ["up", "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress", "--color", "never"];
const PREVIEW = ["preview", "--suppress-outputs", "--suppress-progress", "--color", "never"];

/** In the words of NODE_OPTIONS; @param path from here */
const requiring = (path: string) => `--require ${JSON.stringify(join(__dirname, path))}`;

/** Where Graph has no quota; see the file. */
const withoutQuota = {
  NODE_OPTIONS: `${requiring("../../loader/typescript.cjs")} ${requiring("without-quota.ts")}`,
};

/** @param told hears of each step before it begins */
export function migrate(users: number, latencyMs: number, told: (step: string) => void): Promise<WholeMigration> {
  return onStack(users, latencyMs, async (first, stack, graph) => {
    told("up: the groups get their licences");
    const licenseGroups = await measure(stack, UP, graph);
    stack.configure({ ...stackFileFor(graph), "licensing:applyThrough": "everyone" });
    told("up: the direct licences go");
    const removeDirect = await measure(stack, UP, graph, withoutQuota);
    told("up: nothing to do");
    const noChange = await measure(stack, UP, graph);
    const { stdout } = await stack.run(["stack", "export", "--stack", stack.name]);
    const stateBytes = Buffer.byteLength(stdout);
    if (users === SEED_USERS) told("up of an empty program, and ours, in turns");
    const startUp = users === SEED_USERS ? await compareStartUp(stack, graph) : null;
    return { ...first, licenseGroups, removeDirect, noChange, stateBytes, startUp };
  });
}

/** The first step of it alone. */
export function previewFirst(users: number, latencyMs: number): Promise<FirstPreview> {
  return onStack(users, latencyMs, (first) => Promise.resolve(first));
}

/** Begins with the first preview of a stack and a tenant of their own, which are gone afterwards. */
async function onStack<T>(
  users: number,
  latencyMs: number,
  goOn: (first: FirstPreview, stack: LocalStack, graph: EmbeddedGraph) => Promise<T>,
): Promise<T> {
  const graph = await EmbeddedGraph.start({ users, isLicensed: false, latencyMs });
  const stack = await LocalStack.create("bench", stackFileFor(graph), graph.environment);
  try {
    const preview = await measure(stack, PREVIEW, graph);
    return await goOn({ users, graphStartMs: graph.address.startMs, preview }, stack, graph);
  } finally {
    stack.remove();
    await graph.stop();
  }
}

function stackFileFor({ address: { url, credentials } }: EmbeddedGraph) {
  return benchStackFile(url, credentials["AZURE_TENANT_ID"] ?? "");
}
