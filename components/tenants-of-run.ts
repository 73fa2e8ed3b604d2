import * as pulumi from "@pulumi/pulumi";
import type { Guid } from "../licensing/model";
import { Refusal } from "../licensing/refusal";
import { isPlanFileWanted } from "./plan-file";

/** Each run of a program has a stack of its own; the Automation API has several runs in a process. */
const byRun = new WeakMap<object, Map<Guid, string>>();

/**
 * Notes that a component declares a tenant.
 *
 * @param component its name
 * @throws {Refusal} if another one of this program declares the same tenant, or the file of a plan has room for one
 */
export function claimTenant(tenantId: Guid, component: string): void {
  const run = pulumi.runtime.getStackResource() ?? byRun;
  const claimed = byRun.get(run) ?? new Map<Guid, string>();
  byRun.set(run, claimed);
  const other = claimed.get(tenantId);
  if (other !== undefined) {
    throw new Refusal(
      `"${other}" and "${component}" declare the same tenant (${tenantId}), and neither would know what the other has moved. ` +
        "Declare all its groups and waves in one of them. Nothing was changed by this one.",
    );
  }
  if (isPlanFileWanted() && claimed.size > 0) {
    throw new Refusal(
      `entra-licensing plan writes the plan of one tenant, and this program declares two: "${[...claimed.values()].join('", "')}" and "${component}". Run pulumi preview, which shows both.`,
    );
  }
  claimed.set(tenantId, component);
}
