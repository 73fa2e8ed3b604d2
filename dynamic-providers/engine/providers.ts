import { directLicenseBaseline } from "../direct-license-baseline";
import { directLicenseDebts } from "../direct-license-debts";
import { directLicenseRemoval } from "../direct-license-removal";
import { evaluatedRule } from "../evaluated-rule";
import { groupLicense } from "../group-license";
import { groupLicenseTakeOff } from "../group-license-take-off";
import { groupMembershipMove } from "../group-membership-move";
import { groupMembers } from "../group-members";
import { releaseCheck } from "../release-check";
import { verifiedInheritance } from "../verified-inheritance";
import type { ResourceType } from "../hosted-resource";
import type { HostedProvider } from "./hosted";
import { toEngineProvider } from "./hosted-by-engine";

/** The providers that the text in the state loads (`hosted-resource.ts`), by resource type. These names never change. */
const providers: Readonly<Record<ResourceType, HostedProvider>> = {
  DirectLicenseBaseline: toEngineProvider(directLicenseBaseline),
  DirectLicenseDebts: toEngineProvider(directLicenseDebts),
  DirectLicenseRemoval: toEngineProvider(directLicenseRemoval),
  EvaluatedRule: toEngineProvider(evaluatedRule),
  GroupLicense: toEngineProvider(groupLicense),
  GroupLicenseTakeOff: toEngineProvider(groupLicenseTakeOff),
  GroupMembershipMove: toEngineProvider(groupMembershipMove),
  GroupMembers: toEngineProvider(groupMembers),
  ReleaseCheck: toEngineProvider(releaseCheck),
  VerifiedInheritance: toEngineProvider(verifiedInheritance),
};

export = providers;
