import assert from "node:assert/strict";
import type { License } from "../../emulator";
import { judgeTooFewSeats } from "./judge-moves";
import { EXCLUDING, planId } from "./tenant-of";
import type { RunEnd, Trial } from "./trial";
import { NO_COMPANY_LICENSE } from "./truth";

/** A refusal that stays is true where a user on record lacks a plan, or would. */
export function judgeRefusal(trial: Trial, { trouble }: RunEnd): void {
  const { emulator, truth, seen } = trial;
  seen.refusals += 1;
  const words = trouble.join();
  if (words.includes(NO_COMPANY_LICENSE)) {
    const named = [...truth.skuIds()].filter((skuId) => words.includes(skuId));
    assert.ok(named.length > 0 && named.every((skuId) => truth.statusOf(skuId) === "ended"), words);
    return;
  }
  if (words.includes("cannot be put on")) {
    assert.ok(
      [...truth.skuIds()].some((skuId) => truth.statusOf(skuId) === "ended"),
      words,
    );
    return;
  }
  if (words.includes("in one call:")) {
    judgeNoSwap(trial, words);
    return;
  }
  if (words.includes("goes off")) {
    assert.ok(isShortForSwap(trial), words);
    return;
  }
  if (words.includes("there are too few")) {
    judgeTooFewSeats(trial, words);
    return;
  }
  const named = emulator.tenant.users().filter(({ id }) => words.includes(id));
  assert.ok(named.length > 0, `a refusal that names no user: ${words}`);
  if (words.includes("would fail for")) {
    for (const { id } of named) assert.ok(dependsOnOneGroup(id), `user ${id} has nothing at risk: ${words}`);
    return;
  }
  for (const { id, holdings } of named) {
    // Of what works today: a group that is declared to give it, too, but does not give it yet, keeps no service.
    const kept = holdings.assignments.flatMap((entry) => {
      if (truth.statusOf(entry.skuId) === "ended") return [];
      if (entry.assignedByGroup === null) return truth.plansOf(entry);
      const then = truth.declaredOf(entry.assignedByGroup).filter(({ skuId }) => skuId === entry.skuId);
      const plans = then.flatMap((license) => truth.plansOf(license));
      return entry.state === "Active" ? truth.plansOf(entry).filter((plan) => plans.includes(plan)) : [];
    });
    const held = holdings.assignments.filter(({ state }) => state.startsWith("Active"));
    const there = new Set(kept);
    const lost = held.flatMap((entry) => truth.plansOf(entry)).filter((plan) => !truth.isKept(plan, there));
    assert.ok(lost.length > 0, `user ${id} would lose nothing: ${words}`);
  }

  /** A group gives all of its licences or none: at risk is what one group gives and nothing else does. */
  function dependsOnOneGroup(userId: string): boolean {
    const { assignments } = emulator.tenant.user(userId).holdings;
    const sources = new Set(assignments.map(({ assignedByGroup }) => assignedByGroup));
    return [...sources].some((group) => {
      const plansFrom = (isOf: boolean) =>
        assignments
          .filter((entry) => (entry.assignedByGroup === group) === isOf && entry.state.startsWith("Active"))
          .flatMap((entry) => truth.plansOf(entry));
      const others = new Set(plansFrom(false));
      return group !== null && plansFrom(true).some((plan) => !others.has(plan));
    });
  }
}

/** Groups that give a SKU which is to go, with the declared licences that are to come. */
function changingGroups({ truth }: Trial) {
  return truth.groups().map((group) => {
    const isOn = (skuId: string) => group.licenses.some((license) => license.skuId === skuId);
    return { group, coming: truth.declaredOf(group.id).filter(({ skuId }) => !isOn(skuId)) };
  });
}

function isShortForSwap(trial: Trial): boolean {
  const { emulator, truth } = trial;
  return changingGroups(trial).some(({ group, coming }) =>
    truth.declaredOf(group.id).some(({ skuId }) => {
      const lacking = [...group.userMembers].filter((userId) => truth.lacks(userId, skuId)).length;
      const isComing = coming.some((license) => license.skuId === skuId);
      const inError = [...group.userMembers].some((userId) =>
        emulator.tenant
          .user(userId)
          .holdings.assignments.some(
            (entry) => entry.assignedByGroup === group.id && entry.skuId === skuId && entry.error === "CountViolation",
          ),
      );
      return isComing ? lacking > truth.freeSeats(skuId) : inError;
    }),
  );
}

/** Why a group does not swap in one call is so, of the group that swaps. */
function judgeNoSwap(trial: Trial, words: string): void {
  const { emulator, truth } = trial;
  const swapping = changingGroups(trial).filter(
    ({ group, coming }) =>
      coming.length > 0 && group.licenses.some(({ skuId }) => truth.goingOff(group.id).swapped.has(skuId)),
  );
  assert.ok(swapping.length > 0, `no group is about to swap: ${words}`);
  const isTrue = swapping.some(({ group, coming }) => {
    const off = group.licenses.filter(({ skuId }) => truth.goingOff(group.id).swapped.has(skuId));
    const users = [...group.userMembers].map((userId) => emulator.tenant.user(userId));
    const isOld = ({ skuId }: { readonly skuId: string }) => off.some((license) => license.skuId === skuId);
    if (words.includes("excludes one of the new licence")) return !off.every((one) => isExcluded(one, coming));
    if (words.includes("in other ways, too")) return true;
    if (words.includes("too few seats")) return isShortForSwap(trial);
    if (words.includes("the subscription of")) return coming.some(({ skuId }) => truth.statusOf(skuId) !== "good");
    if (words.includes("no usageLocation"))
      return users.some(
        ({ usageLocation, isManagementRestricted }) => usageLocation === null || isManagementRestricted,
      );
    if (words.includes("from another group or an unknown source") || words.includes("directly, too"))
      return users.some(({ holdings: { assignments, hidden } }) =>
        [...assignments.filter(({ assignedByGroup }) => assignedByGroup !== group.id), ...hidden].some(isOld),
      );
    if (words.includes("back directly in this run")) return true;
    return words.includes("Entra would refuse the new licence");
  });
  assert.ok(isTrue, `a reason against a swap is not true: ${words}`);

  /** Known before a user shows it are plans of Microsoft's list alone, while nobody has both. */
  function isExcluded(off: License, coming: readonly License[]): boolean {
    const pair = EXCLUDING.map(planId);
    const isTrue = EXCLUDING.every((plan) => trial.all.exclusive?.includes(plan));
    const all = [off, ...coming].flatMap((license) => truth.plansOf(license));
    // Whoever has both shows that they are not exclusive, also by a subscription that has ended.
    const hasBoth = emulator.tenant.users().some(({ holdings: { assignments, hidden } }) => {
      const held = [...assignments.filter(({ state }) => state.startsWith("Active")), ...hidden];
      const plans = held.flatMap((license) => truth.plansOf(license));
      return pair.every((plan) => plans.includes(plan));
    });
    return isTrue && !hasBoth && pair.every((plan) => all.includes(plan));
  }
}
