import type { Catalog } from "../catalog/catalog";
import { counted } from "../counts";
import type { DeclaredGroup } from "../declaration";
import { inForce } from "../effective-plans";
import { grouped } from "../grouped";
import { formatLicenses } from "../license-patterns";
import type { LicenseChange } from "../loss/group-change";
import type { OneCall } from "../loss/one-call";
import { isDirect, type Assignment, type License, type LicensedGroup, type LicensedUser, type Removal } from "../model";
import { BY_ID, usersShown, type People } from "../people";
import { NEEDED_ELSEWHERE } from "../preflight/conflict-findings";
import { UNLISTED_PAIR } from "../preflight/one-call-findings";
import { isPlannedWith, type Foreseen } from "../preflight/foreseen";
import { formatShort } from "./taking-off";

export interface OneCallInput {
  readonly declared: DeclaredGroup;
  readonly now: Pick<LicensedGroup, "processingState">;
  readonly call: OneCall;
  readonly changes: readonly LicenseChange[];
  /** All SKUs that this run takes off the group. */
  readonly takenOff: readonly License[];
  /** Members whose licences could be read. */
  readonly members: readonly LicensedUser[];
  /** Members whose licences could not be read, and users that join in the same run. */
  readonly unknown: number;
  readonly trouble: Pick<Foreseen, "conflicts" | "seats">;
  /** True if plans of the two exclude each other; always true where that was judged before. */
  readonly excludes: (off: License, add: License) => boolean;
  /** Direct licences that this stack is about to put back. */
  readonly comingBack: readonly Removal[];
  readonly catalog: Catalog;
  readonly people?: People | undefined;
}

/**
 * Why a group's swap in one call is refused, apart from plans that would be lost. The call cannot be proven for a member
 * beforehand, so all that is known to fail has to be mended first, and each member must be repairable.
 *
 * @returns `null` if nothing is known to stand in the way
 */
export function whyNotInOneCall(input: OneCallInput): string | null {
  const { declared, call, catalog } = input;
  const swap = `${formatLicenses(call.off, catalog)} for ${formatLicenses(call.add, catalog)}`;
  const reason =
    notExclusive(input) ??
    notAlone(input) ??
    notProcessed(input) ??
    notInForce(input) ??
    shortOfSeats(input) ??
    unknownMembers(input) ??
    heldOtherwise(input) ??
    notRepairable(input) ??
    foreseenFailure(input);
  return reason === null
    ? null
    : `${declared.displayName} cannot swap ${swap} in one call: ${reason} Nothing was changed.`;
}

function notExclusive({ declared, call, excludes, catalog }: OneCallInput): string | null {
  // check: only plans that exclude each other are swapped in one call
  const both = call.off.filter((off) => !call.add.some((add) => excludes(off, add)));
  if (both.length === 0) return null;
  const names = formatLicenses(both, catalog);
  return (
    `no plan of ${names} excludes one of the new licence, as far as Microsoft's list and this tenant tell, so members can have both. ` +
    `Then two steps are the safe way, each member verified in between: put ${names} under licensing:groups.${declared.name}.removeLicenses instead. ` +
    `If two steps ended with the new licence in error, show the pair by one member: ${UNLISTED_PAIR}.`
  );
}

function notAlone({ call, changes, takenOff }: OneCallInput): string | null {
  const isMore = changes.some(({ kind }) => kind === "change-plans") || takenOff.length > call.off.length;
  return isMore
    ? "the same run would change the group in other ways, too. Make the other changes in a run before it."
    : null;
}

function notProcessed({ now }: OneCallInput): string | null {
  // check: a group swaps in one call only when Entra has processed it
  if (now.processingState === "ProcessingComplete") return null;
  return "Entra is still processing the group. Run pulumi up again when it is done.";
}

function notInForce({ call, catalog }: OneCallInput): string | null {
  // check: a group swaps in one call only for a subscription in force
  const ending = call.add.filter(({ skuId }) => catalog.standing(skuId) !== "enabled");
  if (ending.length === 0) return null;
  const status = ending.map(({ skuId }) => `${catalog.skuName(skuId)} is ${catalog.status(skuId)}`).join(", ");
  return `the subscription of ${status}. Renew it first.`;
}

function shortOfSeats({ call, trouble, catalog }: OneCallInput): string | null {
  // check: a group swaps in one call only with a seat for each member
  const short = trouble.seats.filter((each) => each.short > 0 && call.add.some(({ skuId }) => skuId === each.sku.id));
  if (short.length === 0) return null;
  const words = short.map(({ sku, short: missing, left }) => formatShort(catalog.skuName(sku.id), missing, left));
  return `there are too few seats. ${words.join("; ")}. Buy or free the missing seats, or take users out of the group first.`;
}

function unknownMembers({ unknown }: OneCallInput): string | null {
  // check: a group swaps in one call only when each member could be read
  if (unknown === 0) return null;
  return `the licences of ${counted(unknown, "member is", "members are")} not known: they join in this run, or could not be read. Give users that join their membership in a run before this one (take the swap out for it, or name them under create.except), and run pulumi up again when all can be read.`;
}

function heldOtherwise({ declared, call, members, comingBack, catalog, people = BY_ID }: OneCallInput): string | null {
  const off = new Set(call.off.map(({ skuId }) => skuId));
  const isBack = new Set(comingBack.filter(({ skuId }) => off.has(skuId)).map(({ userId }) => userId));
  const isOld = (entry: Assignment) => off.has(entry.skuId) && inForce(entry);
  const isDirectly = ({ assignments }: LicensedUser) => assignments.some((entry) => isOld(entry) && isDirect(entry));
  const isElsewhere = ({ assignments, assignedLicenses }: LicensedUser) =>
    assignments.some((entry) => isOld(entry) && entry.assignedByGroup !== declared.groupId) ||
    // In `assignedLicenses` without an entry: from an unknown source.
    assignedLicenses.some(({ skuId }) => off.has(skuId) && assignments.every((entry) => entry.skuId !== skuId));
  const old = formatLicenses(call.off, catalog);
  // check: a member with the old licence from elsewhere would get an error in place of the new one
  const holding = members.filter((user) => isBack.has(user.id) || isElsewhere(user));
  const [first] = [
    {
      users: holding.filter(isDirectly),
      words: (count: number) => `${counted(count, "member has", "members have")} ${old} directly, too`,
      way: `On ${declared.name}, give ${old} under licenses instead, without swapInOneCall, until the waves have removed it; or take these users out of the group.`,
    },
    {
      users: holding.filter(isElsewhere),
      words: (count: number) =>
        `${counted(count, "member has", "members have")} ${old} from another group or an unknown source, too`,
      way: "Take them out of one of the two groups first.",
    },
    {
      users: holding,
      words: (count: number) => `${counted(count, "member gets", "members get")} ${old} back directly in this run`,
      way: "Let the debts be paid and end the rollback first, or take these users out of the group.",
    },
  ].filter(({ users }) => users.length > 0);
  if (first === undefined) return null;
  const ids = first.users.map(({ id }) => id);
  return `${first.words(ids.length)} (${usersShown(ids, people)}): the new licence would stay in error for them. ${first.way}`;
}

/** A plan that is missing afterwards is given back by a direct assignment. */
function notRepairable({ members, people = BY_ID }: OneCallInput): string | null {
  // check: a member that could not be repaired directly is not swapped in one call
  const lost = members.filter((user) => user.usageLocation === null || user.isManagementRestricted === true);
  if (lost.length === 0) return null;
  const who = usersShown(
    lost.map(({ id }) => id),
    people,
  );
  return (
    `${counted(lost.length, "member has", "members have")} no usageLocation, or an administrative unit restricts who may write to them (${who}): ` +
    "nothing could be assigned directly to them if a plan were missing. Set usageLocation, or take them out of the group first."
  );
}

function foreseenFailure({ declared, trouble, catalog, people = BY_ID }: OneCallInput): string | null {
  const failing = trouble.conflicts.filter(
    (failure) => isPlannedWith(failure) && failure.cohort.group.declared.groupId === declared.groupId,
  );
  // check: a member that Entra would refuse the new licence is not swapped in one call
  if (failing.length === 0) return null;
  const why = [...grouped(failing, ({ skuId, detail }) => `${catalog.skuName(skuId)}: ${detail}`)].map(
    ([words, same]) => {
      const userIds = [...new Set(same.flatMap(({ cohort }) => cohort.userIds))];
      return `${words}, for ${counted(userIds.length, "member")} (${usersShown(userIds, people)})`;
    },
  );
  const way = failing.every(({ keepsOld }) => keepsOld === true) ? NEEDED_ELSEWHERE : "Mend that";
  return `Entra would refuse the new licence. ${why.join("; ")}. ${way}, or take these users out of the group first.`;
}
