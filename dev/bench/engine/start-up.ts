import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalStack } from "../../../cli/engine/local-stack";
import { EmbeddedGraph } from "../graph/embedded-graph";
import { projectRoot } from "../project-root";
import { measure, type EngineFigures } from "./engine-run";
import { SEED_USERS, stackFileFor, UP, withoutQuota } from "./whole-migration";

/** What a run costs before it has done anything, ours beside a program with nothing in it, in turns. */
export interface StartUp {
  readonly ours: readonly EngineFigures[];
  readonly empty: readonly EngineFigures[];
}

/** Each program so often: one run says little on a machine that does other things as well. */
const TURNS = 5;

/** Uses a Graph without latency: the empty program sends no requests, so latency would distort the comparison. */
export async function compareStartUp(): Promise<StartUp> {
  const graph = await EmbeddedGraph.start({ users: SEED_USERS, isLicensed: false, latencyMs: 0 });
  const stackFile = { ...stackFileFor(graph), "licensing:applyThrough": "everyone" };
  const done = await LocalStack.create("done", stackFile, graph.environment);
  try {
    // Licenses the groups, and then removes what is direct.
    await measure(done, UP, graph);
    await measure(done, UP, graph, withoutQuota(done));
    return await inTurns(done, graph);
  } finally {
    done.remove();
    await graph.stop();
  }
}

async function inTurns(done: LocalStack, graph: EmbeddedGraph): Promise<StartUp> {
  const empty = await emptyProgram();
  // An ordinary Pulumi program starts without cli/engine/quick-start.cjs.
  const runEmpty = () => measure(empty, [...UP, "--cwd", empty.folder], graph, { NODE_OPTIONS: "" });
  const figures = { ours: [] as EngineFigures[], empty: [] as EngineFigures[] };
  try {
    // The first run of a program makes its stack.
    await runEmpty();
    for (let turn = 1; turn <= TURNS; turn += 1) {
      figures.empty.push(await runEmpty());
      figures.ours.push(await measure(done, UP, graph));
    }
    return figures;
  } finally {
    empty.remove();
  }
}

/**
 * The least that is a Pulumi program: it loads the SDK, as each of them does, and declares nothing. It has no other package: the
 * engine looks through all that are there for plugins, and would try to download them.
 */
async function emptyProgram(): Promise<LocalStack> {
  const stack = await LocalStack.create("empty", {}, {});
  const packages = join(stack.folder, "node_modules", "@pulumi");
  mkdirSync(packages, { recursive: true });
  symlinkSync(join(projectRoot, "node_modules", "@pulumi", "pulumi"), join(packages, "pulumi"));
  const dependencies = { "@pulumi/pulumi": "*" };
  writeFileSync(join(stack.folder, "package.json"), JSON.stringify({ name: "empty", private: true, dependencies }));
  writeFileSync(join(stack.folder, "index.js"), 'require("@pulumi/pulumi");\n');
  return stack;
}
