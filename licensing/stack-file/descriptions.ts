/** What an editor says about each key of the stack file, by its place in the file. The long form is docs/stack-file.md. */
export const KEY_DESCRIPTIONS: Readonly<Record<string, string>> = {
  tenant: "The tenant: its id or one of its domains. With credentials for another tenant, nothing is read or changed.",
  cloud: "Where Graph and sign-in are: a cloud by name, or two hosts. Default: global.",
  "cloud.graph": "Graph's host over HTTPS, without a path or a version.",
  "cloud.authority": "The sign-in host over HTTPS, without a path or a version.",
  groups: "The groups that give licences, by logical name. A logical name is kept for life.",
  "groups.*": "A licensing group: existing or create says which one, licenses what it gives.",
  "groups.*.existing":
    "Display name or object id of a security-enabled group that is there. Of several with one name, the id.",
  "groups.*.create": "A group that this stack makes, and deletes when it is destroyed.",
  "groups.*.create.displayName": "The group's name. No other group of the tenant may have it.",
  "groups.*.create.description": "The group's description. Default: none.",
  "groups.*.create.owners": "Owners: user principal names or ids of users. Default: the identity that runs the stack.",
  "groups.*.create.members":
    "direct-holders: users with direct licences for all SKUs of the group. {users: […]}: these users. {rule: …}: a dynamic group. none: others add the members. Members are never removed.",
  "groups.*.create.members.users": "User principal names or ids of the members.",
  "groups.*.create.members.rule": 'A membership rule, such as user.department -eq "Design". Needs Entra ID P1.',
  "groups.*.create.except":
    "With members: direct-holders only. User principal names or ids of direct holders that are not added.",
  "groups.*.licenses":
    "The licences that the group gives: SKUs by skuPartNumber, skuId or product name. Its other licences are left alone.",
  "groups.*.licenses.sku": "The SKU: skuPartNumber, skuId or product name.",
  "groups.*.licenses.disabledPlans":
    "Service plans that are off, by name or id. All others are on, also those that Microsoft adds later.",
  "groups.*.licenses.replaces":
    "SKUs that lose their direct licences for this one, from the members of this group, user by user and under the same proof.",
  "groups.*.removeLicenses": "SKUs to take off the group, also those that others put there. Default: none.",
  "groups.*.swapInOneCall":
    "SKUs to take off the group in the call that adds the licences which their plans exclude. Cannot be proven for a member beforehand. Default: none.",
  waves: "Which users move when, in order. A user belongs to the first wave that takes them, for good.",
  "waves.name": "The wave's name, kept for life: lower-case letters, digits and hyphens.",
  "waves.users": "Takes these users: user principal names or ids, or {file: …}.",
  "waves.users.file":
    "A CSV file with a column id or userPrincipalName, by its path relative to this file. Other columns do not count.",
  "waves.group": "Takes the first-level members of a group, by display name or object id.",
  "waves.count": "Takes this number of users, chosen once by a hash of their ids.",
  "waves.percent":
    "Takes this share of all users in scope, counted from the first user and not from the wave before: 10, 50, 100.",
  "waves.soak": "How long the next wave waits after this one is done, such as 24 hours. Default: none.",
  "waves.maxBlocked": "If more users are blocked, the whole wave is refused in the preview. Default: no limit.",
  "waves.minMoved":
    "The share of the movable users that the wave has to move before it counts as done, such as 50 %. Default: 50 %.",
  "waves.rollback":
    "Puts the wave's direct licences back: true for users that are still in their groups, all for every user on record. Default: false.",
  moves:
    "Groups whose members go to another group, in the waves: added to it, verified, taken out of the old one, read back.",
  "moves.from": "The logical name of the group that the members leave: an existing, static, cloud-only group.",
  "moves.to": "The logical name of the group that they join: an existing, static, cloud-only group.",
  "moves.acceptOtherUses":
    "Which of the two groups may serve something besides licences, such as an app role or a team. Default: none.",
  applyThrough: "The last wave that `up` may apply. Absent: groups and verification only, nothing is removed.",
  acceptLoss: "Plans that a change of a group's licence may take from members. A refusal prints the entries to copy.",
  "acceptLoss.group": "The logical name of the group with the changed licence.",
  "acceptLoss.sku": "The SKU that has the plan.",
  "acceptLoss.plan": "The service plan that members may lose, by name or id.",
  "acceptLoss.plans": "Several service plans of the SKU that members may lose, in place of plan.",
  acceptGrace: "SKUs that count as in force although their subscription is in its grace period. Default: none.",
  successors:
    "Service plans that count as kept while another plan is there, beside those that Microsoft's pages name. Each entry accepts a difference.",
  "successors.plan": "The plan that goes: name or id.",
  "successors.by": "The plan that takes its place: name or id.",
  acceptNoWayBack:
    "Also move users with a direct licence that could not be put back: true, or the SKUs for which that is accepted. Default: false.",
  departures: "How many moved users may leave a group before the next wave stops.",
  "departures.limit": "A share of the users that depend on the groups, such as 5 %. Default: 5 %.",
  "departures.acknowledged": "The day up to which departures are accepted, such as 2026-11-29.",
  moveLast: "User principal names or ids of users that only the last wave takes.",
  writtenOff: "User principal names or ids of users that are no longer owed a licence.",
  timeouts: "How long to wait for Entra.",
  "timeouts.processing": "How long the gate waits for Entra to process the groups. Default: 2 hours.",
  "timeouts.inheritance": "How long the gate then waits for members without the licence yet. Default: 5 minutes.",
  "timeouts.settle":
    "How long a plan may be missing after a removal before the direct licence is put back. Default: 30 seconds.",
  "timeouts.putBack": "How long a put-back is repeated while Graph fails. Default: 15 minutes.",
  pace: "How much of Graph's quota a run may use, from 10% to 95%. Default: 80%.",
  reprocess: "Whether members in error are reprocessed. Needs User.ReadWrite.All. Default: false.",
  showNames: "Whether output shows names beside ids; it ends up in logs and comments. Default: false.",
};
