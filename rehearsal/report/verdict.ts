import { addCounts, counted, formatCounts, thousands, total } from "../../licensing/counts";
import type { Rehearsal, RehearsalVerdict } from "../migration/result";

type Facts = Omit<Rehearsal, "verdict" | "version">;

/** Number of reasons in the first line. */
const REASONS = 3;

/**
 * The verdict by the worst finding.
 *
 * @param mayHalt true if a requested trouble may halt a wave; otherwise a halt counts against the migration
 */
export function judgeRehearsal(facts: Facts, mayHalt: boolean): RehearsalVerdict {
  const lost = new Set(facts.lost.map(({ userId }) => userId)).size;
  if (lost > 0) {
    return {
      word: "lost",
      summary: `${counted(lost, "user")} lost a service through the migration: do not run it, and report this. ${moved(facts)}.`,
    };
  }
  const why = whyStopped(facts, mayHalt);
  const nobody = `No user lost a service${throughPeople(facts)}`;
  if (why !== null) return { word: "stops", summary: `${nobody}, but ${why}. ${moved(facts)}.` };
  const notBack = facts.rollback?.notBack.length ?? 0;
  const isLeft =
    facts.stays.length > 0 ||
    facts.groupMoves.some(({ stay }) => total(stay) > 0) ||
    notBack > 0 ||
    facts.swapsInOneCall.length > 0;
  const rollback = notBack === 0 ? "" : ` A rollback does not bring ${thousands(notBack)} of them back.`;
  return {
    word: isLeft ? "needs-a-look" : "safe",
    summary: `${nobody}. ${moved(facts)}${left(facts)}.${fromGroupToGroup(facts)}${unproven(facts)}${rollback}`,
  };
}

/** Losses through changes by other people, requested as trouble or made before the copy. Reported, but not held against the migration. */
function throughPeople({ lostByPeople }: Facts): string {
  const users = new Set(lostByPeople.map(({ userId }) => userId)).size;
  return users === 0
    ? ""
    : ` through the migration (${counted(users, "user")} did through other changes in the tenant)`;
}

/** Why an operator could not complete the migration; `null` if they could. */
function whyStopped({ groups, waves, groupMoves, rollback, held }: Facts, mayHalt: boolean): string | null {
  if (!groups.isThrough) return "the migration did not get past its groups";
  const steps = [groups, ...waves, ...(rollback === null ? [] : [rollback])];
  const stopped = steps.find(({ isThrough }) => !isThrough);
  if (stopped !== undefined) return `${titleOf(stopped.name)} did not come to its end`;
  const halted = steps.find(({ halts }) => halts.length > 0);
  if (halted !== undefined && !mayHalt) return `${titleOf(halted.name)} halted on the way`;
  const notMoved = groupMoves.reduce((sum, { pending }) => sum + pending, 0);
  if (notMoved > 0) return `${counted(notMoved, "user")} could go to the new group and did not${by(held)}`;
  const pending = total(addCounts(waves.map((wave) => wave.pending)));
  if (pending === 0) return null;
  return `${counted(pending, "direct assignment")} could go and did not${by(held)}`;
}

function by(held: string | null): string {
  return held === null ? "" : ` (${held})`;
}

/** ` 5 users went from E3 users to E5 users, 1 stays: no seat of SPE_E5 is free.`, for each move. */
function fromGroupToGroup({ groupMoves }: Facts): string {
  return groupMoves
    .map(({ from, to, moved, stay }) => {
      const why = Object.entries(stay).map(([words, users]) => `${thousands(users)}: ${words}`);
      const stays = why.length === 0 ? "" : `; in ${from} stay ${why.join("; ")}`;
      return ` ${counted(moved, "user")} went from ${from} to ${to}${stays}.`;
    })
    .join("");
}

/** Here Entra refuses nothing that is not known. */
function unproven({ swapsInOneCall }: Facts): string {
  if (swapsInOneCall.length === 0) return "";
  return ` The swap in one call of ${swapsInOneCall.join(" and ")} went well here, and stays unproven for each member of the tenant.`;
}

function titleOf(step: string): string {
  return step === "rollback" ? "the rollback" : `wave ${step}`;
}

function moved({ direct, waves }: Facts): string {
  if (waves.length === 0) return `None of ${counted(direct, "direct assignment")} was to be removed: no wave was run`;
  return (
    `${thousands(removedBy(waves))} of ${counted(direct, "direct assignment was", "direct assignments were")} removed ` +
    `in ${counted(waves.length, "wave")}`
  );
}

/** The rest of the summary for a completed migration. */
function left({ direct, waves, stays, added }: Facts): string {
  const swapped = total(added);
  const count = direct - removedBy(waves) + swapped;
  if (count === 0) return ", none is left";
  const reasons = stays.slice(0, REASONS).map(({ users, sku, words: why }) => `${thousands(users)} ${sku} ${why}`);
  const more = stays.length > REASONS ? [`and ${counted(stays.length - REASONS, "other reason")}`] : [];
  const why = [...reasons, ...more].join("; ") || "no wave takes them";
  const swaps = swapped === 0 ? "" : `, swaps added ${formatCounts(added)}`;
  return `${swaps}, ${thousands(count)} ${count === 1 ? "stays" : "stay"}: ${why}`;
}

function removedBy(waves: Facts["waves"]): number {
  return waves.reduce((sum, wave) => sum + total(wave.removed), 0);
}
