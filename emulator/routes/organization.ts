import { ok } from "../http/message";
import { readOrganization, readSkus, readSubscriptions, seeOrganization } from "./permissions";
import type { Call, Route } from "./route";
import { context, project, type Shape, withheld } from "./shape";
import type { Sku, TenantFacts } from "../directory/entities";
import { guidFrom } from "../directory/spec";

const organizationShape: Shape<TenantFacts> = {
  type: "microsoft.graph.organization",
  defaults: ["id", "displayName", "countryLetterCode", "tenantType", "verifiedDomains", "assignedPlans"],
  properties: {
    id: (facts) => facts.id,
    displayName: (facts) => facts.displayName,
    countryLetterCode: (facts) => facts.countryLetterCode,
    tenantType: () => "AAD",
    assignedPlans: () => [],
    verifiedDomains: (facts) =>
      facts.verifiedDomains.map((name, index) => ({
        capabilities: "Email, OfficeCommunicationsOnline",
        isDefault: index === 0,
        isInitial: name.endsWith(".onmicrosoft.com"),
        name,
        type: "Managed",
      })),
  },
};

function skuShape({ world: { directory } }: Call): Shape<Sku> {
  return {
    type: "microsoft.graph.subscribedSku",
    defaults: [
      "id",
      "accountId",
      "accountName",
      "appliesTo",
      "capabilityStatus",
      "consumedUnits",
      "prepaidUnits",
      "servicePlans",
      "skuId",
      "skuPartNumber",
      "subscriptionIds",
    ],
    properties: {
      id: (sku) => `${directory.facts.id}_${sku.skuId}`,
      accountId: () => directory.facts.id,
      accountName: () => directory.facts.displayName,
      appliesTo: (sku) => sku.appliesTo,
      capabilityStatus: (sku) => sku.capabilityStatus,
      consumedUnits: (sku) => directory.seatsUsed(sku.skuId),
      prepaidUnits: (sku) => sku.seats,
      servicePlans: (sku) => sku.servicePlans.map((plan) => ({ ...plan, provisioningStatus: "Success" })),
      skuId: (sku) => sku.skuId,
      skuPartNumber: (sku) => sku.skuPartNumber,
      subscriptionIds: () => [],
    },
  };
}

/** One subscription a SKU. A tenant has several of one where it was bought more than once. */
function subscriptionShape({ world: { directory } }: Call): Shape<Sku> {
  return {
    type: "microsoft.graph.companySubscription",
    defaults: [
      "id",
      "commerceSubscriptionId",
      "createdDateTime",
      "isTrial",
      "nextLifecycleDateTime",
      "ownerId",
      "ownerTenantId",
      "ownerType",
      "serviceStatus",
      "skuId",
      "skuPartNumber",
      "status",
      "totalLicenses",
    ],
    properties: {
      id: (sku) => guidFrom(`subscription ${directory.facts.id} ${sku.skuId}`),
      commerceSubscriptionId: (sku) => guidFrom(`purchase ${directory.facts.id} ${sku.skuId}`),
      createdDateTime: () => null,
      isTrial: (sku) => sku.isTrial,
      nextLifecycleDateTime: () => null,
      ownerId: () => null,
      ownerTenantId: () => null,
      ownerType: () => null,
      serviceStatus: (sku) => sku.servicePlans.map((plan) => ({ ...plan, provisioningStatus: "Success" })),
      skuId: (sku) => sku.skuId,
      skuPartNumber: (sku) => sku.skuPartNumber,
      status: (sku) => sku.capabilityStatus,
      totalLicenses: ({ seats }) => seats.enabled + seats.warning + seats.suspended + seats.lockedOut,
    },
  };
}

export const organizationRoutes: Route[] = [
  {
    method: "GET",
    path: "/organization",
    permissions: seeOrganization,
    units: 1,
    options: ["$select"],
    handle: (call) => {
      const json = project(organizationShape, call.world.directory.facts, call.query.select);
      const shown = call.may(readOrganization) ? json : withheld(json, ["id", "displayName", "verifiedDomains"]);
      return ok({ "@odata.context": context(call, "organization"), value: [shown] });
    },
  },
  {
    method: "GET",
    path: "/subscribedSkus",
    permissions: readSkus,
    units: 3,
    options: ["$select"],
    handle: (call) =>
      ok({
        "@odata.context": context(call, "subscribedSkus"),
        value: [...call.world.directory.skus.values()].map((sku) => project(skuShape(call), sku, call.query.select)),
      }),
  },
  {
    method: "GET",
    path: "/directory/subscriptions",
    permissions: readSubscriptions,
    units: 1,
    options: ["$select"],
    handle: (call) =>
      ok({
        "@odata.context": context(call, "directory/subscriptions"),
        value: [...call.world.directory.skus.values()].map((sku) =>
          project(subscriptionShape(call), sku, call.query.select),
        ),
      }),
  },
];
