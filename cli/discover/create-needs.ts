import { OPERATIONS } from "../../graph/tenant-graph";
import type { Proposal } from "../../licensing/discovery/proposal";
import { typed } from "../render/command-line";
import { counted } from "../../licensing/counts";

/** The requirements of groups that the stack will create, beyond read permissions; empty if it creates none. */
export function createNeeds(proposals: readonly Proposal[], owners: readonly string[]): readonly string[] {
  const made = proposals.filter(({ from }) => from.kind === "direct-holders" || from.kind === "rule");
  if (made.length === 0) return [];
  const needed = ["makeGroups", "addMembers", ...(owners.length === 0 ? [] : (["readObjects"] as const))] as const;
  const permissions = [...new Set(needed.flatMap((operation) => OPERATIONS[operation].permissions))];
  return [
    `${counted(made.length, "group is", "groups are")} made by the file (create:), which needs more than existing groups do:`,
    `  permissions: ${permissions.join(", ")}`,
    "  the Pulumi plugin azuread, which the first preview downloads, signed in by az login or ARM_CLIENT_ID and ARM_CLIENT_SECRET (or ARM_USE_OIDC=true)",
    `  ${typed("doctor")} says what is missing; docs/made-groups.md explains it all.`,
  ];
}
