import * as pulumi from "@pulumi/pulumi";
import type { MigrationPlan } from "../licensing/plan/plan";
import { Refusal } from "../licensing/refusal";

/**
 * Ends an `up` whose plan is refused before any resource is declared. Each refusal stands on its row, too, where a preview shows it; but
 * the engine reaches a row in its own order, or not at all with --target, and other rows would have been written by then.
 *
 * @throws Refusal
 */
export function refuseBeforeWriting({ groups, waves }: MigrationPlan): void {
  if (pulumi.runtime.isDryRun()) return;
  const refusals = new Set([...groups, ...waves].flatMap(({ refusal }) => refusal ?? []));
  if (refusals.size > 0) throw new Refusal([...refusals].join("\n"));
}
