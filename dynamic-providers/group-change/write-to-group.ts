import { asSentence, describeFailure, GraphError, type GraphFailure } from "../../graph/client/failure";
import type { TenantReads } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import { groupOfToday } from "../../licensing/catalog/of-today";
import { changesToGroup } from "../../licensing/loss/group-change";
import type { LicensedGroup } from "../../licensing/model";
import { Refusal } from "../../licensing/refusal";

/**
 * One write to a group's licences. A 400 is told in Graph's own words, with names for the ids of plans and SKUs, and with
 * what a read of the group shows afterwards.
 *
 * @param now the group right before the write
 * @throws {Refusal} if Graph refused the write
 */
export async function writeToGroup(graph: TenantReads, now: LicensedGroup, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof GraphError) || !isRefused(error.failure)) throw error;
    const catalog = new Catalog(await graph.subscribedSkus().catch(() => []));
    const failure = { ...error.failure, message: catalog.withNames(error.failure.message) };
    const words =
      failure.kind === "licenseRule"
        ? describeFailure(failure)
        : `${asSentence(failure.message)} Mend what it names, and run pulumi up again.`;
    throw new Refusal(
      `Microsoft Graph refused to change the licences of ${now.displayName} (400): ${words} ${await stateOf(graph, now, catalog)}`,
    );
  }
}

function isRefused(failure: GraphFailure): failure is Extract<GraphFailure, { readonly message: string }> & {
  readonly kind: "licenseRule" | "unexpected";
} {
  return failure.kind === "licenseRule" || (failure.kind === "unexpected" && failure.status === 400);
}

async function stateOf(graph: TenantReads, now: LicensedGroup, catalog: Catalog): Promise<string> {
  const then = await graph.group(now.id).catch(() => null);
  if (then === null) return "Whether the group has changed could not be read afterwards.";
  const [before, after] = [now, then].map((group) => groupOfToday(group, catalog).licenses);
  const isSame =
    changesToGroup(before ?? [], after ?? []).length + changesToGroup(after ?? [], before ?? []).length === 0;
  return isSame
    ? "A read right after it shows the group unchanged: its licences are as before."
    : "A read right after it shows other licences on the group than before: look at them first.";
}
