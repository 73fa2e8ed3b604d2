import type { Guid, ServicePlan, Sku } from "../model";
import { counted, thousands } from "../counts";

/** Messages for names in the stack file that do not match the tenant, each with the line to change. */

export function withoutTenant(name: string, id: Guid): string {
  return ` That name begins with the tenant's: write ${name}, or its skuId ${id}.`;
}

export function ambiguous(word: string, skus: readonly Sku[]): string {
  const plansOf = (sku: Sku) => new Map(sku.servicePlans.map(({ id, name }) => [id, name]));
  const shared = skus.map(plansOf).reduce((all, one) => new Map([...all].filter(([id]) => one.has(id))));
  const each = skus.map((sku) => {
    const own = [...plansOf(sku)].filter(([id]) => !shared.has(id)).map(([, name]) => name);
    const plans = own.length === 0 ? "no plan that the others lack" : `also ${own.sort().join(", ")}`;
    return `${sku.id} (${counted(sku.prepaidUnits.enabled, "seat")}, ${thousands(sku.consumedUnits)} in use; ${plans})`;
  });
  return `${skus.length} SKUs of the tenant are called "${word}". Write the skuId of one of them: ${each.join("; ")}`;
}

export function ambiguousPlan(word: string, plans: readonly ServicePlan[], skuName: string): string {
  const ids = plans.map(({ id }) => id).join(" and ");
  return `${skuName} has ${plans.length} service plans called "${word}". Write the id of one of them: ${ids}`;
}

/** An outdated name in the stack file, with the line to change. */
export interface NameNote {
  readonly isGone: boolean;
  readonly message: string;
  readonly remedy: string;
}

export function goneSku(word: string, id: Guid): NameNote {
  return {
    isGone: true,
    message: `the tenant no longer has the SKU "${word}" (${id}): its subscription ended or was replaced since the last run`,
    remedy: `Renew it, or take it out of licenses and put ${id} under removeLicenses of the group.`,
  };
}

export function renamedSku(word: string, name: string, id: Guid): NameNote {
  return {
    isGone: false,
    message: `Microsoft calls the SKU "${word}" (${id}) ${name} now, and it is found by its id`,
    remedy: `Write ${name} in the stack file.`,
  };
}

export function renamedPlan(word: string, name: string, id: Guid, skuName: string): NameNote {
  return {
    isGone: false,
    message: `Microsoft calls the service plan "${word}" of ${skuName} (${id}) ${name} now: it is found by its id and stays off`,
    remedy: `Write ${name} under disabledPlans.`,
  };
}

export function retiredPlan(word: string, id: Guid, skuName: string): NameNote {
  return {
    isGone: false,
    message: `${skuName} no longer has the service plan "${word}" (${id}): Microsoft retired it`,
    remedy: `Take "${word}" out of disabledPlans.`,
  };
}
