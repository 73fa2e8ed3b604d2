import type { DeclaredGroup } from "../declaration";
import { joiningOf, type JoiningByGroup } from "../preflight/joining";
import type { Guid } from "../model";
import { idOfUnmade, type OwnGroup } from "../stack-file/own-group";
import type { Proposal } from "./proposal";
import type { DiscoveredUser, LicensedToday } from "./tenant-today";

/**
 * The users that join each proposed group, computed by the function that `up` uses, so that comments match what
 * will happen.
 *
 * @param proposals in the order of the stack file
 * @param today the tenant's SKUs
 * @param users only these; each user is judged independently
 * @param membersOf present members of a group
 */
export function joinersOf(
  proposals: readonly Proposal[],
  { catalog }: Pick<LicensedToday, "catalog">,
  users: ReadonlyMap<Guid, DiscoveredUser>,
  membersOf: (proposal: Proposal) => ReadonlySet<Guid>,
): JoiningByGroup {
  const declared = proposals.map((proposal): DeclaredGroup => ({
    name: proposal.name,
    groupId: groupIdOf(proposal),
    displayName: proposal.displayName,
    licenses: proposal.licenses,
  }));
  const own = proposals
    .filter(({ from }) => from.kind === "direct-holders")
    .map((proposal): [string, OwnGroup] => [proposal.name, asOwn(proposal)]);
  // A group with a rule does not exist yet, so it has no members when users join the others.
  const members = new Map(
    proposals.map((proposal) => [
      groupIdOf(proposal),
      proposal.from.kind === "rule" ? new Set<Guid>() : membersOf(proposal),
    ]),
  );
  return joiningOf(new Map(own), { catalog, users, declared, members, groups: new Map(), nested: new Map() });
}

export function groupIdOf({ name, from }: Proposal): Guid {
  return "group" in from ? from.group.id : idOfUnmade(name);
}

function asOwn({ name, displayName, except }: Proposal): OwnGroup {
  const members = { kind: "direct-holders", except: new Set(except) } as const;
  return {
    name,
    groupId: idOfUnmade(name),
    creation: { displayName, description: null, owners: [], members: { kind: "direct-holders" } },
    ownerIds: [],
    members,
    ruleBefore: null,
    isEvaluated: true,
  };
}
