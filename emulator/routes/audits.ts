import type { Cause } from "../directory/entities";
import { guidFrom } from "../directory/spec";
import type { AuditRow } from "../evidence/audit-log";
import { notSupported } from "../graph-error";
import type { Filter } from "../http/filter";
import { compile, type Field } from "../http/predicate";
import { readAudit } from "./permissions";
import type { Call, Route } from "./route";
import { collection } from "./shape";

const service = "Core Directory";
const category = (row: AuditRow) => (row.target.type === "User" ? "UserManagement" : "GroupManagement");

/** Graph's `auditActivityInitiator`: either a `userIdentity` or an `appIdentity`; the other one is null. */
function initiatorJson({ by, who, isApp = false }: Cause): { app: object | null; user: object | null } {
  if (by === "people" && !isApp)
    return {
      app: null,
      user: { id: guidFrom(`person ${who}`), displayName: null, userPrincipalName: who, ipAddress: "" },
    };
  const appId = by === "people" ? guidFrom(`app ${who}`) : by;
  return {
    app: { appId, displayName: who, servicePrincipalId: guidFrom(`principal ${appId}`), servicePrincipalName: null },
    user: null,
  };
}

function rowJson(row: AuditRow): Record<string, unknown> {
  const correlationId = guidFrom(`audit ${row.number} ${row.atMs}`);
  return {
    id: `Directory_${correlationId}_${row.number}`,
    category: category(row),
    correlationId,
    result: "success",
    resultReason: "",
    activityDisplayName: row.activity,
    activityDateTime: new Date(row.atMs).toISOString(),
    loggedByService: service,
    operationType: "Update",
    initiatedBy: initiatorJson(row.cause),
    targetResources: [
      {
        id: row.target.id,
        displayName: row.target.type === "Group" ? row.target.name : null,
        type: row.target.type,
        userPrincipalName: row.target.type === "User" ? row.target.name : null,
        groupType: row.target.type === "Group" ? "azureAD" : null,
        modifiedProperties: row.modified(),
      },
    ],
    additionalDetails: [],
  };
}

const fields: Readonly<Record<string, Field<AuditRow>>> = {
  activityDateTime: { get: (row) => row.atMs, operators: ["eq", "ge", "le"], isTime: true },
  activityDisplayName: { get: (row) => row.activity, operators: ["eq", "startsWith"] },
  category: { get: category, operators: ["eq"] },
  loggedByService: { get: () => service, operators: ["eq"] },
  targetResources: { any: { id: (row) => [row.target.id] } },
};

/** The activity and the target that a filter requires, for a lookup in the indexes. */
function wanted(filter: Filter | undefined): { activity?: string; targetId?: string } {
  const parts = filter?.kind === "and" ? filter.parts : filter ? [filter] : [];
  return Object.assign(
    {},
    ...parts.map((part) => {
      if (part.kind === "compare" && part.operator === "eq" && part.property === "activityDisplayName")
        return { activity: String(part.value) };
      if (part.kind === "any" && part.collection === "targetResources") return { targetId: String(part.value) };
      return {};
    }),
  ) as { activity?: string; targetId?: string };
}

function findRows({ world, query }: Call, lagMs: number): string[] {
  const ascending = /^activityDateTime( asc)?$/.test(query.orderby ?? "");
  if (query.orderby !== undefined && !ascending && query.orderby !== "activityDateTime desc")
    throw notSupported(`$orderby=${query.orderby}`);
  const visibleUntil = world.clock.nowMs() - lagMs;
  const matches = query.filter ? compile(query.filter, fields, "directoryAudits") : () => true;
  const rows = world.audit.among(wanted(query.filter)).filter((row) => row.atMs <= visibleUntil && matches(row));
  const numbers = rows.map((row) => String(row.number));
  return ascending ? numbers : numbers.reverse();
}

/** Lists audits newest first, as the portal does. */
export const auditRoutes = (lagMs: number): Route[] => [
  {
    method: "GET",
    path: "/auditLogs/directoryAudits",
    permissions: readAudit,
    units: 1,
    options: ["$top", "$filter", "$orderby", "$skiptoken"],
    handle: (call) =>
      collection(
        call,
        "auditLogs/directoryAudits",
        () => findRows(call, lagMs),
        (number) => {
          const row = call.world.audit.rows[Number(number)];
          return row && rowJson(row);
        },
      ),
  },
];
