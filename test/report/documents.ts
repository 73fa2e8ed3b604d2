import { Catalog } from "../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import { licensesAfterRun } from "../../licensing/record/licenses-after";
import type { Assignment } from "../../licensing/model";
import type { PlanInput } from "../../licensing/plan/plan";
import { planMigration } from "../../licensing/plan/plan-migration";
import { planDocument } from "../../licensing/plan-document/plan-document";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { EMPTY_RECORD } from "../../licensing/record/record";
import {
  bare,
  declared,
  direct,
  inherited,
  percent,
  sku,
  skuId,
  snapshot,
  user,
  wave,
  type SnapshotParts,
} from "../licensing/builders";

export const NOW_MS = Date.parse("2026-11-22T08:30:00.000Z");

/** The plan of a tenant in words, as a document. */
export function documentOf(
  parts: SnapshotParts,
  input: Partial<PlanInput> = {},
  run: { readonly showNames?: boolean; readonly warnings?: readonly string[] } = {},
): PlanDocument {
  return documentFrom(inputOf(parts, input), run);
}

function inputOf(parts: SnapshotParts, input: Partial<PlanInput>): PlanInput {
  return {
    snapshot: snapshot(parts),
    waves: [],
    named: new Map(),
    applyThrough: null,
    record: EMPTY_RECORD,
    accepted: [],
    moveLast: new Map(),
    after: licensesAfterRun(snapshot(parts), EMPTY_RECORD),
    nowMs: NOW_MS,
    ...input,
  };
}

/** The document of a plan's input. */
export function documentFrom(
  whole: PlanInput,
  run: { readonly showNames?: boolean; readonly warnings?: readonly string[] } = {},
): PlanDocument {
  return planDocument({
    stack: "contoso",
    tenant: "contoso.com",
    input: whole,
    plan: planMigration(whole),
    warnings: run.warnings ?? [],
    showNames: run.showNames ?? false,
  });
}

/** Two users whose E1 excludes the E3 that replaces it: one wave swaps each in one call, and SharePoint's plan stays as its successor. */
export function swapInput(): PlanInput {
  const e1 = sku("STANDARDPACK", ["SHAREPOINTSTANDARD", "TEAMS1"]);
  const e3 = sku("ENTERPRISEPACK", ["SHAREPOINTENTERPRISE", "TEAMS1"]);
  const staff: DeclaredGroup = {
    ...declared("Staff", "ENTERPRISEPACK"),
    replaces: [{ skuId: skuId("STANDARDPACK"), by: skuId("ENTERPRISEPACK") }],
  };
  const excluded = inherited("ENTERPRISEPACK", "Staff", { state: "Error", error: "MutuallyExclusiveViolation" });
  const people = ["ada", "ben"];
  return inputOf(
    {
      declared: [staff],
      users: people.map((name) => user(name, [direct("STANDARDPACK"), excluded])),
      members: { Staff: people },
      catalog: new Catalog([e1, e3]),
    },
    { waves: [wave("everyone", percent(100))], applyThrough: "everyone" },
  );
}

const allUsers = declared("All users", "EMS");
const finance = declared("Finance", "ENTERPRISEPACK");

/** Ten people, two of them blocked; "All users" gives EMS already, "Finance" nothing yet. */
export function smallDocument(run: { readonly showNames?: boolean } = {}): PlanDocument {
  const names = Array.from({ length: 10 }, (_, index) => `person${index}`);
  const users = names.map((name, index) => {
    const both: Assignment[] = [direct("EMS"), inherited("EMS", "All users")];
    if (index === 0) return user(name, [direct("EMS")]);
    if (index === 1) {
      return user(name, [direct("EMS"), inherited("EMS", "All users", { state: "Error", error: "CountViolation" })]);
    }
    return user(name, index < 5 ? [...both, direct("ENTERPRISEPACK")] : both);
  });
  return documentOf(
    {
      declared: [allUsers, finance],
      groups: [
        { ...bare(allUsers), licenses: allUsers.licenses, processingState: "ProcessingComplete" },
        bare(finance),
      ],
      users,
      members: { "All users": names.slice(1), Finance: names.slice(2, 5) },
    },
    {
      waves: [wave("canary", { kind: "count", count: 2 }, { soakMs: 24 * 3_600_000 }), wave("everyone", percent(100))],
      applyThrough: "canary",
    },
    run,
  );
}

/** A tenant as large as they come, with all of its lists long: made from the small one, because planning it takes a while. */
export function bigDocument(size: { readonly users: number; readonly blocked: number }): PlanDocument {
  const small = smallDocument();
  const ids = Array.from(
    { length: size.users },
    (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  );
  const stays = ids.slice(0, size.blocked);
  return {
    ...small,
    users: size.users,
    waves: small.waves.map((wave) => ({
      ...wave,
      plannedUsers: size.users,
      planned: { EMS: size.users },
      assignments: [{ sku: "EMS", disabledPlans: [], userIds: ids }],
    })),
    blocked: {
      users: size.blocked,
      moves: { whole: size.users - size.blocked, inPart: 0, notAtAll: size.blocked },
      reasons: small.blocked.reasons.map((reason) => ({ ...reason, users: size.blocked / 2 })),
      assignments: stays.map((userId, index) => ({ userId, wave: "everyone", reason: index % 2 })),
    },
    findings: Array.from({ length: 300 }, (_, index) => ({
      code: "seats",
      severity: "warning" as const,
      about: `group-${index}`,
      count: size.users,
      message: "Members would need more seats than there are. ".repeat(10),
      remedy: "Buy seats, or take people out of the group. ".repeat(10),
      userIds: ids,
    })),
    drift: {
      returned: stays.map((userId) => ({ userId, sku: "EMS", at: null, actor: null, doubt: null })),
      auditGap: null,
    },
    debts: [],
    departures: stays,
    warnings: Array.from({ length: 300 }, (_, index) => `Warning ${index}: ${"words ".repeat(200)}`),
  };
}
