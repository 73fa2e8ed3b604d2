import type { LocalStack } from "../../../cli/engine/local-stack";
import type { EmbeddedGraph } from "../graph/embedded-graph";
import type { GraphFigures } from "../graph/wishes";
import { endedChildrenCpuMs, watchTree, type Peaks } from "./process-tree";

/** One command of the real engine, from the moment it is started to its end. */
export interface EngineFigures {
  readonly wallMs: number;
  /** Of the engine, the program and the providers together; `null` where the system does not tell. */
  readonly cpuMs: number | null;
  readonly peakMegabytes: Peaks;
  readonly graph: GraphFigures;
}

/** Runs a command that must go through. */
export async function measure(
  stack: LocalStack,
  command: readonly string[],
  graph: EmbeddedGraph,
  environment: NodeJS.ProcessEnv = {},
): Promise<EngineFigures> {
  await graph.begin();
  const cpuBefore = endedChildrenCpuMs();
  const startedMs = performance.now();
  const { child, ended } = stack.start(stack.words(command), ["ignore", "pipe", "pipe"], environment);
  const endWatch = watchTree(child.pid ?? 0);
  const { code, stdout, stderr } = await ended;
  const wallMs = performance.now() - startedMs;
  const peakMegabytes = endWatch();
  const cpuAfter = endedChildrenCpuMs();
  if (code !== 0) throw new Error(`pulumi ${command.join(" ")} ended with ${code ?? "a signal"}:\n${stdout}${stderr}`);
  return {
    wallMs,
    cpuMs: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
    peakMegabytes,
    graph: await graph.figures(),
  };
}
