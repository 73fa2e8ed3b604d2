import type { Group, Guid, TimeBoundMembership } from "../directory/entities";
import { guidFrom } from "../directory/spec";
import { GraphError, notSupported } from "../graph-error";
import { compile, type Field } from "../http/predicate";
import { readMembershipEnds } from "./permissions";
import type { Call, Route } from "./route";
import { collection } from "./shape";

/** A group with one of its time-bound memberships. */
interface Instance {
  readonly group: Group;
  readonly userId: Guid;
  readonly bound: TimeBoundMembership;
}

const fields: Readonly<Record<string, Field<Instance>>> = {
  groupId: { get: ({ group }) => group.id, operators: ["eq"] },
  principalId: { get: ({ userId }) => userId, operators: ["eq"] },
  accessId: { get: ({ bound }) => bound.accessId, operators: ["eq"] },
};

const NO_LICENSE = "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.";

/** Active assignments of Privileged Identity Management for groups. Unmanaged groups have none. */
function findInstances({ world: { directory }, query }: Call): string[] {
  if (!directory.facts.hasGovernance) throw new GraphError(400, "AadPremiumLicenseRequired", NO_LICENSE);
  const { filter } = query;
  const parts = filter?.kind === "and" ? filter.parts : filter ? [filter] : [];
  const isScoped = parts.some((part) => part.kind === "compare" && /^(groupId|principalId)$/.test(part.property));
  if (filter === undefined || !isScoped)
    throw new GraphError(400, "MissingParameter", "The required filters groupId or principalId are missing.");
  const takes = compile(filter, fields, "assignmentScheduleInstances");
  return [...directory.groups.values()].flatMap((group) =>
    [...group.timeBound]
      .filter(([userId, bound]) => takes({ group, userId, bound }))
      .map(([userId]) => `${group.id}_${userId}`),
  );
}

function instanceJson({ world: { directory } }: Call, key: string): Record<string, unknown> | undefined {
  const [groupId = "", userId = ""] = key.split("_");
  const bound = directory.groups.get(groupId)?.timeBound.get(userId);
  if (bound === undefined) return undefined;
  const id = guidFrom(`instance ${key}`);
  return {
    id: `${groupId}_${bound.accessId}_${id}`,
    principalId: userId,
    groupId,
    accessId: bound.accessId,
    assignmentType: bound.isActivated ? "activated" : "assigned",
    memberType: "direct",
    startDateTime: new Date(bound.fromMs).toISOString(),
    endDateTime: bound.untilMs === null ? null : new Date(bound.untilMs).toISOString(),
    assignmentScheduleId: `${groupId}_${bound.accessId}_${id}`,
  };
}

export const privilegedAccessRoutes: Route[] = [
  {
    method: "GET",
    path: "/identityGovernance/privilegedAccess/group/assignmentScheduleInstances",
    permissions: readMembershipEnds,
    units: 1,
    options: ["$filter", "$top", "$skiptoken"],
    handle: (call) => {
      if (call.query.select !== undefined) throw notSupported("$select of assignmentScheduleInstances");
      return collection(
        call,
        "identityGovernance/privilegedAccess/group/assignmentScheduleInstances",
        () => findInstances(call),
        (key) => instanceJson(call, key),
      );
    },
  },
];
