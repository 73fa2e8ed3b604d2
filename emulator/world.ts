import { TenantClock } from "./clock";
import type { Directory } from "./directory/directory";
import type { App, Cause } from "./directory/entities";
import type { HiddenFor } from "./directory/new-groups";
import { loadTenant } from "./directory/load";
import type { TenantSpec } from "./directory/spec";
import { AuditLog } from "./evidence/audit-log";
import { History } from "./evidence/history";
import { Processing, type ProcessingOptions } from "./licensing/processing";
import { RuleEvaluation } from "./licensing/rule-evaluation";
import { Tenant } from "./people/tenant";

/** A tenant with its clock, indexes, processing and logs. `reset` makes a new one. */
export interface World {
  readonly clock: TenantClock;
  readonly directory: Directory;
  readonly apps: App[];
  readonly audit: AuditLog;
  readonly history: History;
  readonly processing: Processing;
  readonly rules: RuleEvaluation;
  readonly tenant: Tenant;
}

const beginning: Cause = { by: "people", who: "the tenant file", what: "the tenant as it began", inBackground: false };

export function createWorld(
  spec: TenantSpec,
  clock: TenantClock,
  options: {
    readonly processing: ProcessingOptions;
    readonly lagMs: number;
    readonly hiddenNewGroups: readonly HiddenFor[];
  },
): World {
  const { directory, apps, toldByGroup, toldGroups, lastingErrors } = loadTenant(spec, clock, options);
  const audit = new AuditLog(clock);
  const processing = new Processing(directory, audit, options.processing);
  for (const { userId, skuId, groupId, error } of lastingErrors) processing.forceError(userId, skuId, groupId, error);
  for (const group of directory.groups.values()) {
    if (toldGroups.has(group.id)) processing.goOn(group, beginning);
    else if (group.licenses.length > 0) processing.settle(group, beginning, toldByGroup.get(group.id) ?? new Set());
  }
  directory.begin();
  const history = new History(directory);
  history.begin(beginning);
  directory.onHoldings((user, before, cause) => {
    history.changed(user, before, cause);
    audit.userLicenseChanged(user, before, cause);
  });
  const rules = new RuleEvaluation({ directory, processing, audit }, options.processing.ruleMs);
  const tenant = new Tenant({ directory, apps, processing, audit, history, rules });
  return { clock, directory, apps, audit, history, processing, rules, tenant };
}
