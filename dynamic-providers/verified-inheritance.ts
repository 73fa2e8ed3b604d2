import type * as pulumi from "@pulumi/pulumi";
import type { LicenseWrites } from "../graph/tenant-graph";
import { Catalog } from "../licensing/catalog/catalog";
import type { DeclaredGroup } from "../licensing/declaration";
import { inheritanceDigest, formatProblem } from "../licensing/inheritance/inheritance";
import type { Guid } from "../licensing/model";
import { failingAmong, failingDigest } from "../licensing/inheritance/reprocessing";
import { formatStatus } from "../licensing/catalog/subscription";
import { counted, countByName, thousands, total, formatCounts } from "../licensing/counts";
import { HostedResource } from "./hosted-resource";
import type { GateInputs, VerifiedGroup } from "./gate/gate";
import { evidenceAbout } from "./gate/evidence";
import { lookAgain, verifyMembers, waitForMembers, type Found } from "./gate/verify-members";
import { waitForProcessing, type Waited } from "./gate/wait-for-processing";
import type { Host } from "./engine/host";
import { reprocess } from "./reprocessing/reprocess";
import { graphsOf, readingRow } from "./writing/waits";
import type { Lifecycle } from "./engine/lifecycle";

export interface GateOutputs {
  /** By logical name. */
  readonly verified: Readonly<Record<string, VerifiedGroup>>;
  /** Digest of what the last verification found. */
  readonly settled: string;
  readonly verifiedAt: string;
  /**
   * All users of `licensing:moveLast` so far, by their name in the stack file, so that a name which the tenant no
   * longer knows is still understood.
   */
  readonly moveLast: Readonly<Record<string, Guid>>;
  /** Digest of the members still in error after reprocessing. */
  readonly reprocessed: string;
}

/** What the program declares. The engine runs `verifiedInheritance`. */
export class VerifiedInheritance extends HostedResource {
  /** By logical name: the result of the last verification, not an input. */
  declare readonly verified: pulumi.Output<GateOutputs["verified"]>;
  declare readonly verifiedAt: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs & GateInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { verified: undefined, settled: undefined, verifiedAt: undefined };
    super("VerifiedInheritance", name, { ...outputs, ...args }, options);
  }
}

/**
 * The gate: waits until Entra has processed every group, then checks every member. Members in error do not hold up the
 * others; they are counted, and blocked in the waves. Only an unprocessed group stops the run.
 */
export const verifiedInheritance: Lifecycle<GateInputs, GateOutputs> = {
  idOf: ({ connection }) => `inheritance-${connection.tenant}`,

  refusal: () => null,

  hasChanges: (
    { digest, moveLast, lostSubscriptions, reprocess, __failing },
    { settled, moveLast: known, reprocessed },
  ) =>
    digest !== settled ||
    (reprocess && __failing !== "" && __failing !== reprocessed) ||
    total(lostSubscriptions) > 0 ||
    Object.entries(moveLast).some(([word, userId]) => known[word] !== userId),

  async converge(inputs, before, host) {
    const ids = inputs.groups.map(({ groupId }) => groupId);
    const { graph } = graphsOf(inputs.connection, readingRow(host, inputs.__urn), ids);
    const catalog = new Catalog(await graph.subscribedSkus());
    const waited = await waitForProcessing(graph, inputs, catalog, host);
    const seen = await verifyMembers(graph, inputs, catalog, host);
    const isProcessed = waited.verdict === "pass";
    const waitedFor = isProcessed ? await waitForMembers(graph, inputs, seen, catalog, host) : seen;
    const triesAgain = inputs.reprocess && isProcessed && failingAmong(waitedFor.problems).length > 0;
    const found = triesAgain ? await tryAgain(graph, inputs, waitedFor, catalog, host) : waitedFor;
    const reprocessed = triesAgain
      ? failingDigest(failingAmong(found.problems), new Catalog(await graph.subscribedSkus()))
      : (before?.reprocessed ?? "");
    const evidence = await evidenceAbout(graph, ids, graph.now());
    const outputs: GateOutputs = {
      verified: Object.fromEntries(
        inputs.groups.map((group) => [
          group.name,
          { ...describe(group, waited, found, catalog), evidence: evidence.get(group.groupId) ?? [] },
        ]),
      ),
      settled: inheritanceDigest(inputs.groups, found.problems),
      verifiedAt: new Date(graph.now()).toISOString(),
      moveLast: { ...before?.moveLast, ...inputs.moveLast },
      reprocessed,
    };
    if (inputs.groups.length > 0) await host.say(inputs.__urn, summary(outputs));
    for (const [sku, users] of Object.entries(inputs.lostSubscriptions)) {
      const words = `${counted(users, "moved user depends", "moved users depend")} on ${sku}`;
      await host.say(inputs.__urn, `${words}; its subscription is ${statusOf(sku, catalog)}: renew it, or roll back.`);
    }
    return { outputs, unfinished: waited.unfinished };
  },

  release: () => Promise.resolve(),
};

/** Reprocesses members in error and checks them again. */
async function tryAgain(
  graph: LicenseWrites,
  { groups, __urn }: GateInputs,
  found: Found,
  catalog: Catalog,
  host: Host,
): Promise<Found> {
  const failing = failingAmong(found.problems).map(({ userId }) => userId);
  const tried = await reprocess(graph, failing, readingRow(host, __urn));
  return tried.size === 0
    ? found
    : { ...found, problems: await lookAgain(graph, groups, found.problems, catalog, tried) };
}

function statusOf(sku: string, catalog: Catalog): string {
  const lookup = catalog.findSku(sku);
  return formatStatus("found" in lookup ? lookup.found : undefined);
}

function describe(
  group: DeclaredGroup,
  { now }: Waited,
  { members, problems }: Found,
  catalog: Catalog,
): Omit<VerifiedGroup, "evidence"> {
  const mine = problems.filter(({ groupId }) => groupId === group.groupId);
  const count = members.get(group.groupId) ?? 0;
  return {
    processingState: now.get(group.groupId)?.processingState ?? null,
    members: count,
    verified: count - new Set(mine.map(({ userId }) => userId)).size,
    errors: countByName(mine.map((problem) => formatProblem(problem, catalog))),
  };
}

/** `All users: 1,000 of 1,000 members inherit; Finance department: …`. */
function summary({ verified }: GateOutputs): string {
  const groups = Object.entries(verified).map(([name, group]) => {
    const trouble = total(group.errors) === 0 ? "" : ` (${formatCounts(group.errors)})`;
    return `${name}: ${thousands(group.verified)} of ${counted(group.members, "member inherits", "members inherit")} what is declared${trouble}`;
  });
  return groups.join("; ");
}
