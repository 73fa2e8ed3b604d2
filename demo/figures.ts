import type { Emulator } from "../emulator";
import { isDirect, type Guid } from "../licensing/model";

/** One SKU, from the first moment of the tenant to the last. */
export interface SkuFigures {
  readonly sku: string;
  readonly direct: Change;
  readonly inherited: Change;
  readonly seats: Change & { readonly highest: number };
  /** Direct assignments that were removed. */
  readonly removals: number;
}

export interface Change {
  readonly before: number;
  readonly after: number;
}

/** What came of it, from the tenant's own history: nothing here is what the program says of itself. */
export interface Figures {
  readonly users: number;
  readonly skus: readonly SkuFigures[];
  /** Each plan counted that a user had and then had not, at any moment. */
  readonly servicesLost: number;
  readonly usersWithoutAService: number;
}

/** By SKU id. */
export type LicenseCounts = ReadonlyMap<Guid, { readonly direct: number; readonly inherited: number }>;

/** Counts the direct and inherited licences of a tenant as it is now. */
export function countLicenses({ tenant }: Emulator): LicenseCounts {
  const counts = new Map<Guid, { direct: number; inherited: number }>();
  for (const { holdings } of tenant.users()) {
    for (const each of holdings.assignments) {
      const count = counts.get(each.skuId) ?? { direct: 0, inherited: 0 };
      counts.set(each.skuId, count);
      if (isDirect(each)) count.direct += 1;
      else if (each.state === "Active" && each.error === "None") count.inherited += 1;
    }
  }
  return counts;
}

/** @param before what `countLicenses` found at the beginning */
export function figuresOf(emulator: Emulator, before: LicenseCounts): Figures {
  const { tenant, history } = emulator;
  const after = countLicenses(emulator);
  const removals = history.removals();
  const nothing = { direct: 0, inherited: 0 };
  return {
    users: tenant.users().length,
    skus: [...before].map(([skuId, then]) => {
      const now = after.get(skuId) ?? nothing;
      const seats = history.seats(skuId);
      return {
        sku: tenant.sku(skuId).skuPartNumber,
        direct: { before: then.direct, after: now.direct },
        inherited: { before: then.inherited, after: now.inherited },
        seats: { before: seats.first, after: seats.now, highest: seats.highest },
        removals: removals.get(skuId) ?? 0,
      };
    }),
    servicesLost: history.servicesLost(),
    usersWithoutAService: tenant.users().filter(({ id }) => wasWithout(history.of(id))).length,
  };
}

/** Whether a user was, at any moment, without one of the services they had at the beginning. */
function wasWithout(transitions: readonly { readonly planIds: readonly Guid[] }[]): boolean {
  const [first, ...later] = transitions.map(({ planIds }) => new Set(planIds));
  return first !== undefined && later.some((plans) => [...first].some((plan) => !plans.has(plan)));
}

/** What is not as it must be, each with the number that was found; empty when all is well. */
export function wrongFigures({ skus, servicesLost, usersWithoutAService }: Figures): readonly string[] {
  const wrong: string[] = [];
  if (servicesLost > 0) wrong.push(`services were lost: ${servicesLost}`);
  if (usersWithoutAService > 0) wrong.push(`users were without a service at some moment: ${usersWithoutAService}`);
  for (const { sku, direct, inherited, seats, removals } of skus) {
    if (removals !== direct.before) wrong.push(`${sku}: ${removals} removals, of ${direct.before} direct assignments`);
    if (direct.after > 0) wrong.push(`${sku}: ${direct.after} direct assignments are left`);
    if (inherited.after !== direct.before) wrong.push(`${sku}: ${inherited.after} inherit it, not ${direct.before}`);
    if (seats.after !== seats.before || seats.highest !== seats.before) {
      wrong.push(`${sku}: seats went from ${seats.before} to ${seats.after}, with ${seats.highest} at the most`);
    }
  }
  return wrong;
}
