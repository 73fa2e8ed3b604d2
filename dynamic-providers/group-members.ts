import type * as pulumi from "@pulumi/pulumi";
import { describeFailure, type GraphFailure } from "../graph/client/failure";
import { visibleText } from "../graph/client/visible-text";
import { REFERENCES_PER_WRITE, REQUESTS_PER_BATCH } from "../graph/client/limits";
import type { GraphConnection } from "../graph/tenant-graph";
import { packIds, unpackIds } from "../licensing/record/compact-ids";
import type { Guid, LicensedGroup } from "../licensing/model";
import { usersShown } from "../licensing/people";
import { RESTRICTED } from "../licensing/preflight/group-facts";
import type { GroupMembersState } from "../licensing/record/record";
import { Refusal } from "../licensing/refusal";
import { counted, thousands } from "../licensing/counts";
import { grouped } from "../licensing/grouped";
import { HostedResource } from "./hosted-resource";
import { PATIENT } from "./writing/patience";
import { failureIn, untilClear } from "./writing/until-clear";
import { graphsOf } from "./writing/waits";
import type { Lifecycle } from "./engine/lifecycle";

export interface GroupMembersInputs {
  readonly connection: GraphConnection;
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName: string;
  /** Number of users to add. */
  readonly add: number;
  /** The users to add, see `packIds`. */
  readonly __lists: { readonly add: string };
  readonly __urn: string;
}

export interface GroupMembersOutputs extends GroupMembersState {
  /** Number of users that this stack added, or found to be members when it was about to. */
  readonly joined: number;
}

/** One batch; a stop is noticed between batches. */
const USERS_PER_UNIT = REQUESTS_PER_BATCH * REFERENCES_PER_WRITE;

/** What the program declares. The engine runs `groupMembers`. */
export class GroupMembers extends HostedResource {
  constructor(name: string, args: pulumi.Inputs & GroupMembersInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { joined: undefined };
    super("GroupMembers", name, { ...outputs, ...args }, options);
  }
}

/**
 * Adds members to a group and never removes any: ending a membership ends a licence, which only people may do. Existing
 * members count as done, so it can run again after any crash.
 */
export const groupMembers: Lifecycle<GroupMembersInputs, GroupMembersOutputs> = {
  idOf: ({ groupId }) => `${groupId} members`,

  refusal: () => null,

  hasChanges: ({ add, groupId }, outputs) => add > 0 || groupId !== outputs.groupId,

  async converge(inputs, before, host) {
    const { name, groupId, displayName, __lists, __urn } = inputs;
    const row = { host, urn: __urn };
    const { graph } = graphsOf(inputs.connection, row, [groupId]);
    refuseUnwritable(await graph.group(groupId), inputs);
    const wanted = unpackIds(__lists.add);
    const joined = new Set(before?.groupId === groupId ? unpackIds(before.__joined) : []);
    const here = new Set<Guid>();
    const failed = new Map<Guid, GraphFailure>();
    let stop: string | null = null;
    for (let at = 0; at < wanted.length; at += USERS_PER_UNIT) {
      const unit = wanted.slice(at, at + USERS_PER_UNIT);
      // Entra processes the writes of a batch in parallel, so two for the same group may conflict.
      const cleared = await untilClear(unit, (userIds) => graph.addMembers(groupId, userIds), row, PATIENT);
      for (const [userId, outcome] of cleared.outcomes) {
        const failure = failureIn(outcome);
        if (failure === null) here.add(userId);
        else failed.set(userId, failure);
      }
      stop = cleared.stop;
      if (stop !== null) break;
      await host.status(__urn, `${thousands(at + unit.length)} of ${counted(wanted.length, "user")} added`);
    }
    host.receipts.haveJoined(groupId, here);
    const gone = [...failed].filter(([userId, failure]) => isGone(userId, failure));
    if (gone.length > 0) {
      await host.say(
        __urn,
        `${displayName}: ${counted(gone.length, "user no longer exists", "users no longer exist")} and cannot be added`,
      );
    }
    const all = [...new Set([...joined, ...here])];
    const outputs: GroupMembersOutputs = { name, groupId, joined: all.length, __joined: packIds(all) };
    const told = new Map([...failed].filter(([userId, failure]) => !isGone(userId, failure)));
    return { outputs, unfinished: [...(stop === null ? [] : [stopped(inputs, stop)]), ...troubles(told, inputs)] };
  },

  // The members stay; they go with the group's own resource.
  release: () => Promise.resolve(),
};

function refuseUnwritable(group: LicensedGroup | null, { displayName, groupId }: GroupMembersInputs): void {
  const why = whyUnwritable(group);
  if (why !== null)
    throw new Refusal(`No user can be added to ${displayName} (${groupId}): ${why} Nothing was changed.`);
}

/** The reason why Graph cannot change the members of a group. */
export function whyUnwritable(group: LicensedGroup | null): string | null {
  if (group === null) return "it no longer exists. Run pulumi refresh, and declare a group in its place.";
  if (group.membershipRule !== null) {
    return `it is dynamic, so its rule alone (${visibleText(group.membershipRule)}) decides its members. Write that rule as members: {rule: …} of a group of its own.`;
  }
  if (group.isManagementRestricted === true)
    return `${RESTRICTED} Add its members there, and declare it with existing.`;
  if (group.onPremisesSyncEnabled)
    return "it is synchronised from Active Directory. Add its members there, and declare it with existing.";
  if (group.mailEnabled)
    return "it is mail-enabled, so Exchange keeps its members. Add them there, and declare it with existing.";
  return null;
}

function stopped({ displayName }: GroupMembersInputs, reason: string): string {
  return `Stopped while members were added to ${displayName}: ${reason}`;
}

/** True if the missing object is the user, not the group. */
function isGone(userId: Guid, failure: GraphFailure): boolean {
  // check: a group that is not found does not make its members gone
  return failure.kind === "notFound" && failure.id === userId;
}

/** One line for each cause. The group gets no licence until all users that can be added are members. */
function troubles(failed: ReadonlyMap<Guid, GraphFailure>, { displayName }: GroupMembersInputs): readonly string[] {
  const told = [...failed].filter(([, { kind }]) => kind !== "stopped");
  return [...grouped(told, ([, failure]) => describeFailure(failure))].map(
    ([cause, same]) =>
      `${counted(same.length, "user")} (${usersShown(same.map(([userId]) => userId))}) could not be added to ${displayName}: ${cause}`,
  );
}
