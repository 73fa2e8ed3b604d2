import { describeFailure, type GraphFailure } from "../../graph/failure";
import type { GraphConnection, TenantGraph } from "../../graph/tenant-graph";
import { packIds, unpackIds } from "../../licensing/compact-ids";
import type { Guid, LicensedGroup } from "../../licensing/model";
import type { GroupMembersState } from "../../licensing/record";
import { Refusal } from "../../licensing/refusal";
import { counted, tally, thousands } from "../../licensing/tally";
import type { Host } from "../host/host";
import { ATTEMPTS, mayPass, pauseAfter } from "../tried-again";
import type { Lifecycle } from "./lifecycle";

export interface GroupMembersInputs {
  readonly connection: GraphConnection;
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName: string;
  /** How many users are to be added. */
  readonly add: number;
  /** Who, see `packIds`. */
  readonly __lists: { readonly add: string };
  readonly __urn: string;
}

export interface GroupMembersOutputs extends GroupMembersState {
  /** How many users this stack has added, or found there when it was to add them. */
  readonly joined: number;
}

/** Ours: 20 writes of 20 references, one batch; a stop comes after at most so many. */
const USERS_PER_UNIT = 400;

/**
 * Adds members to a group, and never removes any: whoever is taken out of the stack file, or holds nothing directly any more, stays.
 * To end a membership ends a licence, and only people do that. Who is there already is done, so it can be run again after any crash.
 */
export const groupMembers: Lifecycle<GroupMembersInputs, GroupMembersOutputs> = {
  idOf: ({ groupId }) => `${groupId} members`,

  refusal: () => null,

  hasChanges: ({ add, groupId }, outputs) => add > 0 || groupId !== outputs.groupId,

  async converge(inputs, before, host) {
    const { name, groupId, displayName, __lists, __urn } = inputs;
    const graph = host.connect(inputs.connection);
    refuseUnwritable(await graph.group(groupId), inputs);
    const wanted = unpackIds(__lists.add);
    const joined = new Set(before?.groupId === groupId ? unpackIds(before.__joined) : []);
    const failed = new Map<Guid, GraphFailure>();
    let stop: string | null = null;
    for (let at = 0; at < wanted.length; at += USERS_PER_UNIT) {
      stop = await host.stopReason(__urn);
      if (stop !== null) break;
      const unit = wanted.slice(at, at + USERS_PER_UNIT);
      for (const [userId, failure] of await addPersistently(graph, groupId, unit, joined, host))
        failed.set(userId, failure);
      await host.status(__urn, `${thousands(at + unit.length)} of ${counted(wanted.length, "user")} added`);
    }
    const gone = [...failed].filter(([, { kind }]) => kind === "notFound").map(([userId]) => userId);
    if (gone.length > 0) {
      await host.say(
        __urn,
        `${displayName}: ${counted(gone.length, "user no longer exists", "users no longer exist")} and cannot be added`,
      );
    }
    const outputs: GroupMembersOutputs = { name, groupId, joined: joined.size, __joined: packIds([...joined]) };
    return { outputs, unfinished: [...(stop === null ? [] : [stopped(inputs, stop)]), ...troubles(failed, inputs)] };
  },

  // The members stay: the group may outlive this row, and goes with all of them when its own row goes.
  release: () => Promise.resolve(),
};

/**
 * Entra takes the writes of a batch side by side, so one for the same group may meet another.
 *
 * @returns who could not be added, and why; who could is put into `joined`, so that it is on record whatever comes next
 */
async function addPersistently(
  graph: TenantGraph,
  groupId: Guid,
  userIds: readonly Guid[],
  joined: Set<Guid>,
  host: Host,
): Promise<ReadonlyMap<Guid, GraphFailure>> {
  let open = userIds;
  const failed = new Map<Guid, GraphFailure>();
  for (let attempt = 1; open.length > 0 && attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await host.sleep(pauseAfter(open.flatMap((userId) => failed.get(userId) ?? [])));
    for (const [userId, outcome] of await graph.addMembers(groupId, open)) {
      if (outcome.kind === "failed") {
        failed.set(userId, outcome.failure);
      } else {
        failed.delete(userId);
        joined.add(userId);
      }
    }
    open = open.filter((userId) => {
      const failure = failed.get(userId);
      return failure !== undefined && mayPass(failure);
    });
  }
  return failed;
}

function refuseUnwritable(group: LicensedGroup | null, { displayName, groupId }: GroupMembersInputs): void {
  const why = whyUnwritable(group);
  if (why !== null)
    throw new Refusal(`Nobody can be added to ${displayName} (${groupId}): ${why} Nothing was changed.`);
}

/** Why Entra takes no members for a group through Graph. */
function whyUnwritable(group: LicensedGroup | null): string | null {
  if (group === null) return "it no longer exists. Run pulumi refresh, and declare a group in its place.";
  if (group.membershipRule !== null) {
    return `it is dynamic, so its rule alone (${group.membershipRule}) says who is in it. Write that rule as members: {rule: …} of a group of its own.`;
  }
  if (group.onPremisesSyncEnabled)
    return "it is synchronised from Active Directory. Add its members there, and declare it with existing.";
  if (group.mailEnabled)
    return "it is mail-enabled, so Exchange keeps its members. Add them there, and declare it with existing.";
  return null;
}

function stopped({ displayName }: GroupMembersInputs, reason: string): string {
  return `Stopped while members were added to ${displayName}: ${reason}`;
}

/** One line for each cause: the group gets no licence before everybody is in who can be. */
function troubles(failed: ReadonlyMap<Guid, GraphFailure>, { displayName }: GroupMembersInputs): readonly string[] {
  const causes = [...failed.values()].filter(({ kind }) => kind !== "notFound").map(describeFailure);
  return Object.entries(tally(causes)).map(
    ([cause, count]) => `${counted(count, "user")} could not be added to ${displayName}: ${cause}`,
  );
}
