import type { Catalog } from "../catalog/catalog";
import type { Finding } from "../finding";
import type { Guid } from "../model";
import { counted } from "../counts";
import type { GroupState } from "./cohort";

/** Refuses a group that applications may not write to, before any change is made. */
export function restrictedFindings(groups: readonly GroupState[]): readonly Finding[] {
  return groups.flatMap(({ declared, now, changes }): Finding[] => {
    if (now.isManagementRestricted !== true || changes.length === 0) return [];
    return [
      {
        code: "management-restricted",
        severity: "error",
        about: declared.name,
        count: 1,
        message: `${declared.displayName} gets no licence from this program: ${RESTRICTED}`,
        remedy: `Have an administrator of that unit assign what licensing:groups.${declared.name} declares, or take the group out of the unit.`,
        userIds: [],
      },
    ];
  });
}

export const RESTRICTED =
  "it is in a restricted management administrative unit, where no application may write without a role.";

/** Warns about a group with hidden members: it looks empty, so its members would not be moved. */
export function hiddenMembershipFindings(
  groups: readonly GroupState[],
  members: ReadonlyMap<Guid, ReadonlySet<Guid>>,
): readonly Finding[] {
  return groups.flatMap(({ declared, now }): Finding[] => {
    if (now.hasHiddenMembership !== true || (members.get(declared.groupId)?.size ?? 0) > 0) return [];
    return [
      {
        code: "hidden-membership",
        severity: "warning",
        about: declared.name,
        count: 1,
        message: `No member of ${declared.displayName} shows: its membership is hidden, so no user in it is verified or moved.`,
        remedy:
          "Grant Member.Read.Hidden (entra-licensing doctor --stack … prints the commands). A group that is really empty needs nothing.",
        userIds: [],
      },
    ];
  });
}

/** Notes groups with members managed elsewhere: users must be added there. */
export function membershipFindings(groups: readonly GroupState[]): readonly Finding[] {
  return groups.flatMap(({ declared, now, changes }): Finding[] => {
    const where = now.onPremisesSyncEnabled
      ? "is synced from on-premises: its members are changed there"
      : now.membershipRule !== null
        ? "has a membership rule: its members are changed by the rule, or by what it looks at"
        : now.mailEnabled
          ? "is mail-enabled: unless it is a Microsoft 365 group, its members are changed in Exchange"
          : null;
    if (where === null || changes.length === 0) return [];
    return [
      {
        code: "membership-elsewhere",
        severity: "note",
        about: declared.name,
        count: 1,
        message: `${declared.displayName} ${where}, not through Graph.`,
        remedy: "Add users there that are to be moved and are not members yet.",
        userIds: [],
      },
    ];
  });
}

/** Microsoft's documentation offers delayed delicensing to tenants with more than 10,000 Exchange seats. */
const DELAY_FROM_SEATS = 10_000;

/** https://learn.microsoft.com/exchange/recipients-in-exchange-online/manage-user-mailboxes/exchange-online-delicensing-resiliency */
export function delicensingFindings(groups: readonly GroupState[], { skus }: Catalog): readonly Finding[] {
  const coming = new Set(groups.flatMap(({ changes }) => changes.map(({ license }) => license.skuId)));
  const withMailbox = skus.filter(({ servicePlans }) =>
    servicePlans.some(({ name, appliesTo }) => appliesTo === "User" && name.startsWith("EXCHANGE_S_")),
  );
  if (!withMailbox.some(({ id }) => coming.has(id))) return [];
  const seats = withMailbox.reduce((sum, { prepaidUnits }) => sum + prepaidUnits.enabled, 0);
  if (seats <= DELAY_FROM_SEATS) return [];
  return [
    {
      code: "delayed-delicensing",
      severity: "note",
      about: "",
      count: seats,
      message: `With ${counted(seats, "Exchange seat")} this tenant may have Exchange keep mailboxes for 30 days after a licence is gone.`,
      remedy:
        "As a second net, an Exchange administrator may run Set-OrganizationConfig -DelayedDelicensingEnabled:$true before the first wave.",
      userIds: [],
    },
  ];
}
