import { join } from "node:path";
import { LocalStack } from "../../../cli/engine/local-stack";
import { EmbeddedGraph } from "../graph/embedded-graph";
import { benchStackFile } from "../stack-file";
import { measure, type EngineFigures } from "./engine-run";

/** The size of the seed's example. */
export const SEED_USERS = 1_000;

/** A migration from its first preview to a run that finds nothing more to do, on the real engine. */
export interface WholeMigration {
  readonly users: number;
  readonly graphStartMs: number;
  /** Nothing is in the state yet, and the groups have no licences. */
  readonly preview: EngineFigures;
  /** Licenses the groups, and looks at every member. */
  readonly licenseGroups: EngineFigures;
  /** Removes what is direct, all waves in one run. */
  readonly removeDirect: EngineFigures;
  /** Once more. */
  readonly noChange: EngineFigures;
  /** Of the stack as `pulumi stack export` writes it, when all is done. */
  readonly stateBytes: number;
}

export const UP = ["up", "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress", "--color", "never"];
const PREVIEW = ["preview", "--suppress-outputs", "--suppress-progress", "--color", "never"];

/** Where Graph has no quota; see the file. */
export function withoutQuota({ environment }: LocalStack): NodeJS.ProcessEnv {
  const file = JSON.stringify(join(__dirname, "without-quota.cjs"));
  return { NODE_OPTIONS: `${environment["NODE_OPTIONS"] ?? ""} --require ${file}` };
}

/** @param told hears of each step before it begins */
export async function migrate(users: number, latencyMs: number, told: (step: string) => void): Promise<WholeMigration> {
  const graph = await EmbeddedGraph.start({ users, isLicensed: false, latencyMs });
  const stack = await LocalStack.create("bench", stackFileFor(graph), graph.environment);
  try {
    told("preview");
    const preview = await measure(stack, PREVIEW, graph);
    told("up: the groups get their licences");
    const licenseGroups = await measure(stack, UP, graph);
    stack.configure({ ...stackFileFor(graph), "licensing:applyThrough": "everyone" });
    told("up: the direct licences go");
    const removeDirect = await measure(stack, UP, graph, withoutQuota(stack));
    told("up: nothing to do");
    const noChange = await measure(stack, UP, graph);
    const { stdout } = await stack.run(["stack", "export", "--stack", stack.name]);
    const stateBytes = Buffer.byteLength(stdout);
    const { startMs: graphStartMs } = graph.address;
    return { users, graphStartMs, preview, licenseGroups, removeDirect, noChange, stateBytes };
  } finally {
    stack.remove();
    await graph.stop();
  }
}

export function stackFileFor({ address: { url, credentials } }: EmbeddedGraph) {
  return benchStackFile(url, credentials["AZURE_TENANT_ID"] ?? "");
}
