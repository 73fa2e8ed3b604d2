import type { Group } from "../directory/entities";
import type { Shape } from "./shape";
import { seconds } from "./user-shape";

/** A group's JSON. */
export const groupShape: Shape<Group> = {
  type: "microsoft.graph.group",
  defaults: [
    "id",
    "deletedDateTime",
    "classification",
    "createdDateTime",
    "description",
    "displayName",
    "expirationDateTime",
    "groupTypes",
    "isAssignableToRole",
    "mail",
    "mailEnabled",
    "mailNickname",
    "membershipRule",
    "membershipRuleProcessingState",
    "onPremisesLastSyncDateTime",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "preferredDataLocation",
    "preferredLanguage",
    "proxyAddresses",
    "renewedDateTime",
    "securityEnabled",
    "theme",
    "visibility",
    "onPremisesProvisioningErrors",
  ],
  properties: {
    id: (group) => group.id,
    displayName: (group) => group.displayName,
    description: (group) => group.description,
    securityEnabled: (group) => group.securityEnabled,
    mailEnabled: (group) => group.mailEnabled,
    mailNickname: (group) => group.mailNickname,
    groupTypes: (group) => group.groupTypes,
    membershipRule: (group) => group.membershipRule,
    membershipRuleProcessingState: ({ membershipRule, rulePaused }) =>
      membershipRule === null ? null : rulePaused ? "Paused" : "On",
    onPremisesSyncEnabled: (group) => (group.onPremisesSyncEnabled ? true : null),
    isManagementRestricted: (group) => group.isManagementRestricted,
    createdDateTime: (group) => seconds(group.createdMs),
    renewedDateTime: (group) => seconds(group.createdMs),
    assignedLicenses: (group) => group.licenses.map(({ skuId, disabledPlans }) => ({ disabledPlans, skuId })),
    licenseProcessingState: (group) => (group.processingState === null ? null : { state: group.processingState }),
    deletedDateTime: () => null,
    classification: () => null,
    expirationDateTime: () => null,
    isAssignableToRole: (group) => (group.isAssignableToRole ? true : null),
    resourceProvisioningOptions: (group) => (group.isTeam ? ["Team"] : []),
    mail: () => null,
    onPremisesLastSyncDateTime: () => null,
    onPremisesSecurityIdentifier: () => null,
    preferredDataLocation: () => null,
    preferredLanguage: () => null,
    proxyAddresses: () => [],
    theme: () => null,
    visibility: (group) => group.visibility,
    onPremisesProvisioningErrors: () => [],
  },
};

/** The beta version also reports the rule evaluation of a dynamic group. */
export const betaGroupShape: Shape<Group> = {
  ...groupShape,
  properties: {
    ...groupShape.properties,
    membershipRuleProcessingStatus: (group) =>
      group.membershipRule === null
        ? null
        : { status: group.ruleStatus ?? "Succeeded", lastMembershipUpdated: null, errorMessage: null },
  },
};
