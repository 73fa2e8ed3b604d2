import type { CountedWork } from "./counted";
import { decisionWork } from "./decision-work";
import { graphWork } from "./graph-work";
import { providerWork } from "./provider-work";

/** Counts the elements that the product and the embedded Graph look at: what a clock would show, on any machine alike. */
export async function countWork(): Promise<readonly CountedWork[]> {
  return [...(await decisionWork()), ...(await providerWork()), ...(await graphWork())];
}
