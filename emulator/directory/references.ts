import type { Directory } from "./directory";
import type { Group, Guid, License, Sku, User } from "./entities";
import { isGuid, type LicenseSpec } from "./spec";

/** Resolves names to ids for tests and tenant files. Throws if a name matches no object or several. */
export class References {
  constructor(readonly directory: Directory) {}

  user(idOrUpn: string): User {
    const user = this.directory.user(idOrUpn);
    if (!user) throw new Error(`no user "${idOrUpn}" in the tenant`);
    return user;
  }

  group(idOrName: string): Group {
    const byId = this.directory.groups.get(idOrName.toLowerCase());
    if (byId) return byId;
    const [group, ...others] = this.directory.groupsNamed(idOrName);
    if (!group) throw new Error(`no group "${idOrName}" in the tenant`);
    if (others.length > 0) throw new Error(`${others.length + 1} groups are named "${idOrName}": use the id`);
    return group;
  }

  sku(idOrPartNumber: string): Sku {
    const byId = this.directory.skus.get(idOrPartNumber.toLowerCase());
    if (byId) return byId;
    for (const sku of this.directory.skus.values()) if (sku.skuPartNumber === idOrPartNumber) return sku;
    throw new Error(`no SKU "${idOrPartNumber}" in the tenant`);
  }

  plan(idOrName: string, sku?: Sku): Guid {
    for (const { servicePlans } of sku ? [sku] : this.directory.skus.values()) {
      for (const plan of servicePlans) {
        if (plan.servicePlanId === idOrName.toLowerCase() || plan.servicePlanName === idOrName)
          return plan.servicePlanId;
      }
    }
    throw new Error(`no service plan "${idOrName}" in ${sku ? sku.skuPartNumber : "the tenant"}`);
  }

  license(spec: LicenseSpec): License {
    const sku = this.sku(spec.sku);
    return { skuId: sku.skuId, disabledPlans: (spec.disabledPlans ?? []).map((plan) => this.plan(plan, sku)) };
  }

  /** A licence that a user holds. Unlike `license`, it may name a SKU or plan that the tenant no longer has. */
  heldLicense({ sku: word, disabledPlans = [] }: LicenseSpec): License {
    const sku = this.directory.skus.has(word.toLowerCase()) || !isGuid(word) ? this.sku(word) : undefined;
    const skuId = sku?.skuId ?? word.toLowerCase();
    return {
      skuId,
      disabledPlans: disabledPlans.map((plan) => (isGuid(plan) ? plan.toLowerCase() : this.plan(plan, sku))),
    };
  }

  /** The id of a group from which a user inherits. The group may have been deleted. */
  givingGroup(idOrName: string): Guid {
    return isGuid(idOrName) ? idOrName.toLowerCase() : this.group(idOrName).id;
  }
}
