import type { Directory } from "../directory/directory";
import type { App, Group, Guid, License, Sku, User } from "../directory/entities";
import { References } from "../directory/references";
import type { AuditLog } from "../evidence/audit-log";
import type { History } from "../evidence/history";
import type { Processing } from "../licensing/processing";
import type { RuleEvaluation } from "../licensing/rule-evaluation";

export interface Rooms {
  readonly directory: Directory;
  readonly apps: App[];
  readonly processing: Processing;
  readonly audit: AuditLog;
  readonly history: History;
  readonly rules: RuleEvaluation;
}

export interface DirectAssignment extends License {
  readonly userId: Guid;
}

/** Read access to the current tenant for tests and demos. Users, groups, SKUs and plans are given by id or by name. */
export class TenantView {
  readonly #names: References;

  constructor(protected readonly rooms: Rooms) {
    this.#names = new References(rooms.directory);
  }

  get id(): Guid {
    return this.rooms.directory.facts.id;
  }

  user(idOrUpn: string): User {
    return this.names.user(idOrUpn);
  }

  users(): User[] {
    this.rooms.directory.clock.catchUp();
    return [...this.rooms.directory.users.values()];
  }

  group(idOrName: string): Group {
    return this.names.group(idOrName);
  }

  groups(): Group[] {
    this.rooms.directory.clock.catchUp();
    return [...this.rooms.directory.groups.values()];
  }

  groupByName(displayName: string): Group {
    return this.names.group(displayName);
  }

  sku(idOrPartNumber: string): Sku {
    return this.names.sku(idOrPartNumber);
  }

  /** Returns the id of a service plan. */
  plan(idOrName: string): Guid {
    return this.names.plan(idOrName);
  }

  effectivePlans(user: string): readonly Guid[] {
    return this.rooms.directory.plansInForce(this.names.user(user).holdings);
  }

  directAssignments(sku?: string): DirectAssignment[] {
    const skuId = sku === undefined ? undefined : this.names.sku(sku).skuId;
    return this.users().flatMap((user) =>
      user.holdings.assignments
        .filter((entry) => entry.assignedByGroup === null && (skuId === undefined || entry.skuId === skuId))
        .map((entry) => ({ userId: user.id, skuId: entry.skuId, disabledPlans: entry.disabledPlans })),
    );
  }

  directAssignmentCount(sku: string): number {
    return this.rooms.directory.licenses.directAssignments(this.names.sku(sku).skuId);
  }

  seatsUsed(sku: string): number {
    return this.rooms.directory.seatsUsed(this.names.sku(sku).skuId);
  }

  /** Runs due background work first, so that each read sees its result. */
  protected get names(): References {
    this.rooms.directory.clock.catchUp();
    return this.#names;
  }
}
