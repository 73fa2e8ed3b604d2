import { Refusal } from "../../licensing/refusal";
import { inLanes } from "./in-lanes";
import { lookAt, type Surroundings } from "./look-at";
import { failure, type Look, type TenantResult } from "./result";
import { stacksIn, type TenantStack } from "./stacks";

/** Looks at so many tenants at a time. One that fails stops none of the others; after Ctrl-C no further one is begun. */
export async function lookAtAll(
  stacks: readonly TenantStack[],
  look: Look,
  atOnce: number,
  around: Surroundings,
  progress: (done: readonly TenantResult[]) => void,
): Promise<readonly TenantResult[]> {
  const done: TenantResult[] = [];
  return inLanes(stacks, atOnce, async (stack) => {
    const result = around.ctrlC.isPressed ? notBegun(stack, look, STOPPED) : await lookAt(stack, look, around);
    done.push(result);
    progress(done);
    return result;
  });
}

const STOPPED = "It was not begun, because Ctrl-C was pressed before.";

/**
 * Applies the plans of these stacks, each held to what was read: named one by one, because each of them is somebody's decision, and one
 * after the other until the first that fails, because what went wrong in one may go wrong in all. After Ctrl-C the one in hand ends as
 * `up` does, and no further one is begun.
 */
export async function applyInTurn(
  folder: string,
  names: readonly string[],
  around: Surroundings,
  say: (line: string) => void,
): Promise<readonly TenantResult[]> {
  const pattern = names.find((name) => name.includes("*"));
  if (pattern !== undefined) {
    throw new Refusal(`apply takes no pattern, and ${pattern} is one: name each stack whose plan you have read.`);
  }
  // All are found before the first is begun.
  const stacks = names.flatMap((name) => stacksIn(folder, [name]));
  const results: TenantResult[] = [];
  const isStopped = () => around.ctrlC.isPressed;
  let failed: string | null = null;
  for (const stack of stacks) {
    if (failed !== null) {
      results.push(notBegun(stack, "apply", `It was not begun, because ${failed} failed.`));
      continue;
    }
    if (isStopped()) {
      results.push(notBegun(stack, "apply", STOPPED));
      continue;
    }
    say(`${stack.name}: applying its plan`);
    const result = await lookAt(stack, "apply", around);
    results.push(result);
    if (result.verdict === "failed" && !isStopped()) failed = stack.name;
  }
  return results;
}

function notBegun({ name, tenant }: TenantStack, look: Look, why: string): TenantResult {
  return failure({ stack: name, tenant, look, seconds: 0 }, why, "Run it again for this one.");
}
