import { join } from "node:path";
import { nextMessage, startChild } from "./child";
import type { ContestantResult } from "./contestants/result";
import { EmbeddedGraph } from "./graph/embedded-graph";
import type { GraphFigures, GraphWishes } from "./graph/wishes";

/** A way to remove direct licences, in a process of its own. */
export interface Contestant {
  readonly name: string;
  readonly file: string;
  /** What it is told besides the address of Graph. */
  readonly words: (wishes: GraphWishes) => readonly string[];
}

/** How one contestant fared. */
export interface Contest extends ContestantResult {
  readonly graph: GraphFigures;
}

export const SAMPLE_SCRIPT = "sample script";
export const OURS = "ours";

const file = (name: string) => join(__dirname, "contestants", name);

/**
 * @param atMost limit of users per group: the script's speed does not depend on the tenant's size, and 100,000 users would take
 *   it more than an hour
 */
export function sampleScript(atMost: number): Contestant {
  return { name: SAMPLE_SCRIPT, file: file("sample-script.ts"), words: () => ["1", String(atMost)] };
}

export function manyAtATime(atATime: number): Contestant {
  return { name: `the same, ${atATime} at a time`, file: file("sample-script.ts"), words: () => [String(atATime)] };
}

/** A script knows nothing of quotas; we are told, because here they may run faster than Microsoft documents them. */
function formatQuota({ quotaSpeedUp }: GraphWishes): readonly string[] {
  return quotaSpeedUp === undefined ? [] : [String(quotaSpeedUp)];
}

export const ours: Contestant = { name: OURS, file: file("ours.ts"), words: formatQuota };

/** Runs a contestant on a fresh tenant. */
export async function hold(contestant: Contestant, wishes: GraphWishes): Promise<Contest> {
  const graph = await EmbeddedGraph.start(wishes);
  try {
    await graph.begin();
    const words = [graph.address.url, ...contestant.words(wishes)];
    const child = startChild(contestant.file, words, graph.environment);
    const result = await nextMessage<ContestantResult>(child, contestant.name);
    return { ...result, graph: await graph.figures() };
  } finally {
    await graph.stop();
  }
}
