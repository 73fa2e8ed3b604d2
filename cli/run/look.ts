import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { projectRoot } from "../engine/project-root";
import { stackEnvironment, stackWords, type SelectedStack } from "../engine/selected-stack";
import { readDocument } from "../plan/read-document";
import { changesProtection, followEngine, type RunningEngine } from "./engine-events";
import type { Screen } from "./screen";

/** The engine's own option. */
export const EXPECT_NO_CHANGES = "--expect-no-changes";

/** What `preview` and `up` are asked to do. */
export interface RunOptions extends SelectedStack {
  readonly names: boolean;
  readonly json: boolean;
}

export interface Look {
  readonly document: PlanDocument;
  /** The preview's exit code; `null`: a signal ended it. */
  readonly code: number | null;
  /** True if the engine would write something, be it only to the state. */
  readonly changes: boolean;
  /** Rows with a change of protection from `destroy`, where nothing else does. */
  readonly protections: number;
}

/**
 * Runs the engine's preview and reads the plan that the program wrote.
 *
 * @param others words for the engine, such as `--expect-no-changes`
 * @param begun receives the engine, so that it can be interrupted
 */
export async function look(
  options: RunOptions,
  others: readonly string[],
  screen: Screen,
  begun: (engine: RunningEngine) => void,
): Promise<Look> {
  const folder = mkdtempSync(join(tmpdir(), "entra-licensing-"));
  const file = join(folder, "plan.json");
  try {
    const seen = { changes: false, protections: 0 };
    screen.show("Reading the tenant and making the plan …");
    const environment = {
      ...stackEnvironment(options),
      LICENSING_PLAN_FILE: file,
      ...(options.names ? { LICENSING_SHOW_NAMES: "true" } : {}),
    };
    const engine = followEngine(["preview", ...stackWords(options), ...others], projectRoot, environment, (event) => {
      const { resourceChanges = {} } = event.summaryEvent ?? {};
      if (event.resourcePreEvent !== undefined && changesProtection(event.resourcePreEvent.metadata))
        seen.protections += 1;
      if (Object.entries(resourceChanges).some(([op, count]) => op !== "same" && count > 0)) seen.changes = true;
    });
    begun(engine);
    const end = await engine.ended;
    screen.settle();
    const document = readDocument(file, end, options.stack, Date.now());
    const protections = seen.changes ? 0 : seen.protections;
    return { document, code: end.code, changes: seen.changes || protections > 0, protections };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
