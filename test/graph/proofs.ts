import assert from "node:assert/strict";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Guid, License, LicensedUser } from "../../licensing/model";
import { prove, type ReplacementProof } from "../../licensing/decision/replacement-proof";

const GROUP = "00000000-0000-4000-8000-0000000000aa";

/** Proofs for users that hold these SKUs both directly and from a group: real ones, because nothing else compiles. */
export function proven(
  work: readonly { readonly userId: Guid; readonly skuIds: readonly Guid[] }[],
): readonly ReplacementProof[] {
  return work.map(({ userId, skuIds }) => {
    const { proof } = prove(
      { user: heldTwice(userId, skuIds), memberOf: new Set([GROUP]), nestedIn: new Set() },
      {
        declared: [{ name: "group", groupId: GROUP, displayName: "Group", licenses: skuIds.map(whole) }],
        groups: new Map([
          [
            GROUP,
            {
              id: GROUP,
              displayName: "Group",
              securityEnabled: true,
              mailEnabled: false,
              membershipRule: null,
              onPremisesSyncEnabled: false,
              licenses: skuIds.map(whole),
              processingState: "ProcessingComplete",
            },
          ],
        ]),
        catalog: new Catalog(skuIds.map(sku)),
      },
      new Set(skuIds),
    );
    assert.ok(proof);
    return proof;
  });
}

/** The same work as licences to assign: a write that rests on no proof, and may be repeated. */
export function licensesFor(
  work: readonly { readonly userId: Guid; readonly skuIds: readonly Guid[] }[],
): readonly { readonly userId: Guid; readonly licenses: readonly License[] }[] {
  return work.map(({ userId, skuIds }) => ({ userId, licenses: skuIds.map(whole) }));
}

function heldTwice(id: Guid, skuIds: readonly Guid[]): LicensedUser {
  return {
    id,
    displayName: null,
    userPrincipalName: null,
    accountEnabled: true,
    usageLocation: "CH",
    assignedLicenses: skuIds.map(whole),
    assignments: skuIds.flatMap((skuId) =>
      [null, GROUP].map((assignedByGroup) => ({
        skuId,
        disabledPlans: [],
        assignedByGroup,
        state: "Active",
        error: null,
      })),
    ),
  };
}

function whole(skuId: Guid): License {
  return { skuId, disabledPlans: [] };
}

function sku(id: Guid) {
  return {
    id,
    partNumber: id,
    appliesTo: "User" as const,
    capabilityStatus: "Enabled",
    consumedUnits: 0,
    prepaidUnits: { enabled: 0, warning: 0, suspended: 0, lockedOut: 0 },
    servicePlans: [{ id: `${id.slice(0, -1)}f`, name: "PLAN", appliesTo: "User" as const }],
  };
}
