import type { Catalog } from "../catalog/catalog";
import { declaredSkus } from "../declaration";
import type { Finding } from "../finding";
import type { Guid, Sku } from "../model";
import { counted, thousands } from "../counts";
import type { GroupState } from "./cohort";

/** Moved users that depend on an ended subscription, by SKU. */
export type MovedOntoEnded = ReadonlyMap<Guid, readonly Guid[]>;

/**
 * Findings about subscriptions of declared SKUs that are ended or in their grace period. Always reported, because
 * users' assignments keep saying `Active`.
 */
export function subscriptionFindings(
  groups: readonly GroupState[],
  catalog: Catalog,
  moved: MovedOntoEnded,
  acceptsGrace: ReadonlySet<Guid>,
): readonly Finding[] {
  const skuIds = [...declaredSkus(groups.map(({ declared }) => declared))];
  return [
    ...groups.flatMap((group) => refusedToAdd(group, catalog)),
    ...skuIds.flatMap((skuId): readonly Finding[] => {
      const sku = catalog.skus.find(({ id }) => id === skuId);
      const giving = groups.filter(({ declared }) => declared.licenses.some((license) => license.skuId === skuId));
      switch (catalog.standing(skuId)) {
        case "enabled":
          return [];
        case "grace":
          return [ending(skuId, sku, giving, catalog, acceptsGrace.has(skuId))];
        case "ended":
          // Skipped if another finding covers it: the refusal to add the SKU, or the note about an unlisted SKU.
          return giving.some((group) => isAdded(group, skuId)) || (!catalog.has(skuId) && !moved.has(skuId))
            ? []
            : [ended(skuId, giving, moved.get(skuId) ?? [], catalog)];
      }
    }),
    ...groups.flatMap((group) => goneSkus(group, catalog)),
  ];
}

/** Refuses to assign a licence of an ended subscription to a group, before any change is made. */
function refusedToAdd({ declared, changes }: GroupState, catalog: Catalog): readonly Finding[] {
  return changes
    .map(({ license: { skuId } }) => skuId)
    .filter((skuId) => isAdded({ changes }, skuId) && catalog.standing(skuId) === "ended")
    .map((skuId): Finding => {
      const sku = catalog.skuName(skuId);
      return {
        code: "subscription-ended",
        severity: "error",
        about: `${declared.name} ${sku}`,
        count: 1,
        message: `${sku} cannot be put on ${declared.displayName}: its subscription is ${catalog.status(skuId)}.`,
        remedy: `Renew it, or take ${sku} out of licensing:groups.${declared.name}.`,
        userIds: [],
      };
    });
}

function isAdded({ changes }: Pick<GroupState, "changes">, skuId: Guid): boolean {
  return changes.some(({ kind, license }) => kind === "add" && license.skuId === skuId);
}

function ending(
  skuId: Guid,
  sku: Sku | undefined,
  giving: readonly GroupState[],
  catalog: Catalog,
  isAccepted: boolean,
): Finding {
  const { enabled = 0, warning = 0 } = sku?.prepaidUnits ?? {};
  const units =
    `${counted(enabled, "unit")} in force, ${thousands(warning)} in their grace period, ` +
    `${thousands(sku?.consumedUnits ?? 0)} in use`;
  return {
    code: "subscription-ending",
    severity: "warning",
    about: aboutSku(skuId, giving, catalog),
    count: sku?.consumedUnits ?? 0,
    message:
      `The subscription of ${catalog.skuName(skuId)} is in its grace period (${catalog.status(skuId)}; ${units}): it works, and will end. ` +
      (isAccepted
        ? "licensing:acceptGrace lists it: it replaces direct licences as if it were in force, and their users lose its plans with it."
        : "Direct licences in better standing are not replaced by it; those of the same SKU end with it."),
    remedy: isAccepted
      ? "Renew it before it ends."
      : "Renew it; or, where it may end for these users, list the SKU under licensing:acceptGrace.",
    userIds: [],
  };
}

function ended(skuId: Guid, giving: readonly GroupState[], moved: readonly Guid[], catalog: Catalog): Finding {
  const depend =
    moved.length === 0
      ? "It replaces nothing."
      : `${counted(moved.length, "moved user depends", "moved users depend")} on it, and it gives them nothing, ` +
        "even where their assignment states say Active.";
  return {
    code: "subscription-ended",
    severity: "warning",
    about: aboutSku(skuId, giving, catalog),
    count: moved.length,
    message: `The subscription of ${catalog.skuName(skuId)} is ${catalog.status(skuId)}. ${depend}`,
    remedy:
      moved.length === 0
        ? "Renew it, or take the SKU off the group and out of the stack file."
        : "Renew it; or put back what these users held before with rollback: true on their wave, as far as that is in force.",
    userIds: moved,
  };
}

/** An unlisted SKU left on a group may block all of the group's licences for its members. */
function goneSkus({ declared, now }: GroupState, catalog: Catalog): readonly Finding[] {
  const removed = new Set(declared.removes ?? []);
  const wanted = declaredSkus([declared]);
  return now.licenses
    .filter(({ skuId }) => !catalog.has(skuId) && !removed.has(skuId) && !wanted.has(skuId))
    .map(({ skuId }): Finding => ({
      code: "gone-sku-on-group",
      severity: "warning",
      about: declared.name,
      count: 1,
      message:
        `${declared.displayName} still carries a SKU that the tenant no longer has: ${catalog.skuName(skuId)}. Entra gives a group's licences all or ` +
        "nothing, so members may inherit none of them.",
      remedy: `Take it off: removeLicenses: [${catalog.skuName(skuId)}] under licensing:groups.${declared.name}.`,
      userIds: [],
    }));
}

function aboutSku(skuId: Guid, giving: readonly GroupState[], catalog: Catalog): string {
  const sku = catalog.skuName(skuId);
  const [only, ...others] = giving;
  return only === undefined || others.length > 0 ? sku : `${only.declared.name} ${sku}`;
}
