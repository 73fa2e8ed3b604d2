import * as pulumi from "@pulumi/pulumi";
import type { MigrationPlan } from "../licensing/plan/plan";
import { Refusal } from "../licensing/refusal";

/**
 * Ends an `up` with a refused plan before any resource is declared. Each row refuses too, but the engine reaches rows
 * in its own order, or with --target not at all, and other rows might already have been written.
 *
 * @throws {Refusal} with all reasons
 */
export function refuseBeforeWriting({ groups, waves }: MigrationPlan): void {
  if (pulumi.runtime.isDryRun()) return;
  const refusals = new Set([...groups, ...waves].flatMap(({ refusal }) => refusal ?? []));
  if (refusals.size > 0) throw new Refusal([...refusals].join("\n"));
}
