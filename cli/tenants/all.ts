import { Refusal } from "../../licensing/refusal";
import { inLanes } from "./in-lanes";
import { lookAt, type Surroundings } from "./look-at";
import { failure, type Look, type TenantResult } from "./result";
import { stacksIn, type TenantStack } from "./stacks";

/** Checks several tenants in parallel. A failing tenant does not stop the others. After Ctrl-C no further tenant is started. */
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
 * Applies the reviewed plans of the named stacks, one after the other. Stops at the first failure, because its cause may affect all.
 * Stacks must be named one by one, because each is a decision of its own. After Ctrl-C the current run ends as `up` does.
 */
export async function applyInTurn(
  folder: string,
  names: readonly string[],
  around: Surroundings,
  say: (line: string) => void,
): Promise<readonly TenantResult[]> {
  const pattern = names.find((name) => name.includes("*"));
  if (pattern !== undefined) {
    throw new Refusal(
      `apply takes no pattern, and ${pattern} is one: name each stack of which you have read the plan.`,
    );
  }
  // Find all stacks before the first run, so that a misspelt name stops nothing halfway.
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
