/** A safety check of the product, how it is taken out, and the tests that notice. */
export interface SafetyCheck {
  /** Stands in the code as `// check: NAME`, on the line before the statement that is the check. */
  readonly name: string;
  /** A part of that statement, and the text in its place; absent: the whole statement goes. */
  readonly change?: readonly [part: string, instead: string];
  /** Under `test/`; at least one of their tests fails without the check. */
  readonly noticedBy: readonly string[];
}

const REPLACEMENT = ["licensing/replacement.test.ts"];
const PACED = ["graph/pacing/plugged-in.test.ts"];

/** What the promises of docs/safety.md rest on, check by check. */
export const CHECKS: readonly SafetyCheck[] = [
  // The one rule: which licences may be removed.
  {
    name: "only a first-level member keeps what a group gives",
    noticedBy: REPLACEMENT,
  },
  {
    name: "what stays comes from that declared group, not from any",
    change: ["each.assignedByGroup === group.groupId", "each.assignedByGroup !== null"],
    noticedBy: REPLACEMENT,
  },
  {
    name: "a user without a name is one that may not be read, not one without licences",
    noticedBy: ["graph/wire.test.ts"],
  },
  {
    name: "a group whose licences are unknown is not one without licences",
    change: ["!Array.isArray(licenses)", 'licenses === "none"'],
    noticedBy: ["graph/wire.test.ts"],
  },
  {
    name: "a SKU whose plans are unknown is not one without plans",
    change: ["!Array.isArray(plans)", 'plans === "none"'],
    noticedBy: ["graph/wire.test.ts"],
  },
  {
    name: "a licence whose disabled plans are unknown has not all plans on",
    change: ["!Array.isArray(off)", 'off === ""'],
    noticedBy: ["graph/wire.test.ts"],
  },
  {
    name: "a hidden member has what the group gives",
    change: ["=== true", "=== null"],
    noticedBy: ["providers/group-license.test.ts"],
  },
  {
    name: "what ends by itself is no replacement",
    noticedBy: ["licensing/what-ends.test.ts"],
  },
  {
    name: "a replaced SKU goes from the members of the group that replaces it",
    change: ["isIn(groupId)", "true"],
    noticedBy: ["licensing/replaces.test.ts"],
  },
  {
    name: "a swap needs a free seat",
    change: ["> 0", "> -1_000"],
    noticedBy: ["licensing/bridge.test.ts"],
  },
  {
    name: "two swaps of the plan do not count on one free seat",
    change: ["if (!isHeld) ", "if (!isHeld && seatsTaken.size > 9) "],
    noticedBy: ["licensing/bridge.test.ts"],
  },
  {
    name: "a swap adds only what the state knows",
    change: ["!bridges.has(skuId)", 'skuId === ""'],
    noticedBy: ["licensing/bridge.test.ts"],
  },
  {
    name: "a swap is made only where the group's licence is excluded",
    noticedBy: ["licensing/bridge.test.ts"],
  },
  {
    name: "a rollback takes back only what a swap on record added",
    change: ["onRecord.has(entry.skuId)", "onRecord.size > 0"],
    noticedBy: ["licensing/bridge.test.ts"],
  },
  {
    name: "a trial is not replaced without the word for it",
    noticedBy: ["licensing/replaces.test.ts"],
  },
  {
    name: "a subscription of unknown status has ended",
    change: ['"ended"', '"enabled"'],
    noticedBy: ["licensing/what-ends.test.ts"],
  },
  {
    name: "a grace period is no replacement for what is in better standing",
    change: ["!lastsAsLongAs(given, standing)", 'given === "ended"'],
    noticedBy: ["licensing/what-ends.test.ts"],
  },
  {
    name: "nothing is removed that could not be put back",
    noticedBy: ["licensing/what-ends.test.ts"],
  },
  {
    name: "the subscriptions are read with the proof",
    change: [
      '"kind" in skus ? [] : skus',
      '"kind" in skus ? [] : skus.map((sku) => ({ ...sku, capabilityStatus: "Enabled" }))',
    ],
    noticedBy: ["providers/what-ends.test.ts"],
  },
  {
    name: "a membership may end if its end could not be read",
    change: ["unreadEnd(of)", "new Map()"],
    noticedBy: ["providers/what-ends.test.ts"],
  },
  {
    name: "an ended subscription is seen by the read back",
    change: ['however === "any" ? "any" : catalog.standing(license.skuId)', '"any"'],
    noticedBy: ["licensing/what-ends.test.ts", "providers/what-ends.test.ts"],
  },
  {
    name: "a retired plan is left out",
    change: ["{ ...license, disabledPlans: license.disabledPlans.filter((plan) => plans.has(plan)) }", "license"],
    noticedBy: ["providers/what-ends.test.ts"],
  },
  {
    name: "a group that no longer exists gives nothing",
    change: ["...gone,", ""],
    noticedBy: ["providers/what-ends.test.ts"],
  },
  {
    name: "the group gives the plan now",
    change: ["keptByGroup.has(plan) && keptByDeclaration.has(plan)", "keptByDeclaration.has(plan)"],
    noticedBy: REPLACEMENT,
  },
  {
    name: "the declaration gives the plan, too",
    change: ["keptByGroup.has(plan) && keptByDeclaration.has(plan)", "keptByGroup.has(plan)"],
    noticedBy: REPLACEMENT,
  },
  {
    name: "the inherited licence is Active",
    change: ['entry.state !== "Active" || entry.error !== null', "entry.error !== null"],
    noticedBy: REPLACEMENT,
  },
  {
    name: "the inherited licence has no error",
    change: ['entry.state !== "Active" || entry.error !== null', 'entry.state !== "Active"'],
    noticedBy: REPLACEMENT,
  },
  {
    name: "the group is processed",
    noticedBy: REPLACEMENT,
  },
  {
    name: "each plan that goes is among those that stay",
    change: ["lost.length === 0", "true"],
    noticedBy: REPLACEMENT,
  },
  {
    name: "a licence with nothing on needs the SKU itself to be inherited",
    change: ["isInherited(skuId, standing, evidence, world)", "true"],
    noticedBy: REPLACEMENT,
  },
  {
    name: "a licence from nowhere is blocked",
    change: ["if (held) decisions.push", "if (!held) decisions.push"],
    noticedBy: REPLACEMENT,
  },
  {
    name: "only what is on record is proven",
    change: ['decision.verdict !== "remove" || recorded.has(decision.skuId)', "decision.verdict !== recorded"],
    noticedBy: REPLACEMENT,
  },

  // The write.
  {
    name: "the groups give what is declared right before the write",
    change: ["changed.length > 0", "changed.length > 1_000"],
    noticedBy: ["providers/meanwhile.test.ts"],
  },
  {
    name: "members in error are counted beyond a short page",
    change: ["ERRORS_COUNTED", "0"],
    noticedBy: ["providers/members-in-error.test.ts"],
  },
  {
    name: "members in error must not rise",
    change: ["MORE_AT_MOST", "Number.POSITIVE_INFINITY"],
    noticedBy: ["providers/members-in-error.test.ts"],
  },
  {
    name: "a group that is processed again is waited for",
    change: ["busy.length === 0", "busy.length >= 0"],
    noticedBy: ["providers/meanwhile.test.ts"],
  },
  {
    name: "a user that can't be read right before the write is not written to",
    noticedBy: ["providers/one-user.test.ts"],
  },
  {
    name: "a failure that all users share blocks no single user",
    change: ["!this.isOfAll", "failure.kind !== undefined"],
    noticedBy: ["providers/one-user.test.ts"],
  },
  {
    name: "an answer about another user is none",
    change: ["!isGuid(id) || got === id.toLowerCase()", "got !== null"],
    noticedBy: ["providers/one-user.test.ts"],
  },
  {
    name: "a removal is not repeated with a new token",
    change: ['this.kind === "provenWrite"', 'this.kind !== "read" && this.kind !== "write" && this.failed'],
    noticedBy: ["graph/odd-answers.test.ts"],
  },
  {
    name: "a proof's age is measured when the bytes leave",
    change: ["optionsOf(context).call.isGood?.() === false", "optionsOf(context).call.isGood === null"],
    noticedBy: ["graph/odd-answers.test.ts"],
  },
  {
    name: "a lost write may have been done",
    change: ["sent: true", "sent: false"],
    noticedBy: ["providers/removal-trouble.test.ts", "providers/read-back.test.ts"],
  },
  {
    name: "a write that Graph refused as unavailable may have been done",
    change: ["sent: true", "sent: false"],
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "a removal is not sent again on its old proof",
    change: ['kind === "provenWrite" && decision.next === "repeat" ? ACCEPT : decision', "decision"],
    noticedBy: ["graph/retry.test.ts"],
  },
  {
    name: "a change of a group's licences is not sent again on its old proof",
    change: ['"provenWrite"', '"write"'],
    noticedBy: ["providers/take-off.test.ts"],
  },
  {
    name: "a write that may have been done is not repeated",
    change: [
      'kind === "read" ? repeat("unavailable", history, retryAfterMs, jitter) : LOST',
      'repeat("unavailable", history, retryAfterMs, jitter)',
    ],
    noticedBy: ["graph/retry.test.ts"],
  },
  {
    name: "Retry-After is waited for",
    change: ["retryAfterMs ?? pause(history[because], jitter)", "pause(history[because], jitter)"],
    noticedBy: ["graph/retry.test.ts"],
  },
  {
    name: "a removal never waits between its proof and its write",
    change: [
      'waiting.kind === "provenWrite" || wait.untilMs - now > LONGEST_WAIT_MS',
      "wait.untilMs - now > LONGEST_WAIT_MS",
    ],
    noticedBy: PACED,
  },
  {
    name: "what Graph asks of one request, all others of that limit wait for",
    noticedBy: PACED,
  },
  {
    name: "room that was kept does not let a removal go while Graph asks to wait",
    noticedBy: ["graph/pacing/pacer.test.ts"],
  },
  {
    name: "the read-back of a written user goes ahead of requests that wait",
    change: ["turn.isUrgent ? null : this.holdOf(turn.cost, now)", "this.holdOf(turn.cost, now)"],
    noticedBy: PACED,
  },
  {
    name: "one write for a user at a time",
    change: ["new Set(userIds.map((id) => id.toLowerCase())).size < userIds.length", "userIds.length > 1_000_000"],
    noticedBy: ["graph/odd-answers.test.ts"],
  },

  // After the write.
  {
    name: "every written user is read back",
    change: ["written.size === 0", "written.size >= 0"],
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "the rule is run once more after the write",
    change: ["planIds.length > 0", "planIds.length > 1_000"],
    noticedBy: ["licensing/after-removal.test.ts"],
  },
  {
    name: "both views of a user must show a plan",
    change: ["[...byState, ...merged]", "byState"],
    noticedBy: ["licensing/effective-plans.test.ts"],
  },
  {
    name: "a plan that is missing is looked for again after the settling time",
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "a user that can't be read back counts as without a service",
    change: ['read.kind !== "notFound"', 'read.kind === "notFound"'],
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "a licence is put back with its own disabled plans",
    change: [
      "({ skuId, disabledPlans }) => catalog.asOfToday({ skuId, disabledPlans })",
      "({ skuId }) => catalog.asOfToday({ skuId, disabledPlans: [] })",
    ],
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "putting back is tried again",
    change: ["patienceMs: context.putBackMs", "patienceMs: 0"],
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "no stop ends putting back",
    change: ["canStop: false", "canStop: true"],
    noticedBy: ["providers/waits.test.ts"],
  },
  {
    name: "a debt is paid, and a rollback done, as patiently as the stack file says",
    change: ["patienceMs: putBackMs", "patienceMs: 600_000"],
    noticedBy: ["providers/put-back-patience.test.ts"],
  },
  {
    name: "an outage that begins in the middle of a unit is waited for, too",
    change: ["account.waitsForGraph() ? patient : ONCE_MORE", "ONCE_MORE"],
    noticedBy: ["providers/put-back-patience.test.ts"],
  },
  {
    name: "a stop is heard before each write",
    noticedBy: ["providers/writing.test.ts"],
  },
  {
    name: "a write that adds is repeated until the answer is clear",
    change: ["open.filter((_id, at) => pauses[at] !== null)", "[]"],
    noticedBy: ["providers/writing.test.ts", "providers/read-back.test.ts"],
  },
  {
    name: "a wave with too many surprises halts",
    change: ["surprised <= limit", "surprised >= 0"],
    noticedBy: ["providers/removal-blocked.test.ts", "providers/removal.test.ts"],
  },
  {
    name: "what the plan foresaw is no surprise, licence by licence",
    change: ["planned.get(userId)?.has(skuId) === true", "planned.has(userId)"],
    noticedBy: ["providers/continued.test.ts"],
  },
  {
    name: "a continued run looks at the users with something left",
    change: ["lists.looksAgain", "lists.planned"],
    noticedBy: ["providers/continued.test.ts"],
  },
  {
    name: "users blocked in the plan are looked at again where the gate waits for them",
    change: ["lists.looksAgain", "!lists.planned"],
    noticedBy: ["providers/continued.test.ts"],
  },
  {
    name: "a part of a wave begins only when the state knows what it is about to remove",
    noticedBy: ["providers/on-record.test.ts"],
  },
  {
    name: "a part of a wave begins only with a record of its users",
    change: ["users === 0", "users >= 0"],
    noticedBy: ["providers/on-record.test.ts"],
  },
  {
    name: "what is not in the baseline of before the run needs its receipt",
    change: ["record.baseline.get(userId)?.has(skuId) !== true", "record.baseline.size < 0"],
    noticedBy: ["providers/on-record.test.ts"],
  },
  {
    name: "no row is written behind one that the state does not have",
    change: ["id === UNKNOWN", "id === ''"],
    noticedBy: ["providers/hosted.test.ts"],
  },
  {
    name: "a wave that shows nothing holds what comes later",
    change: ["if (fallsShort(standing, wave)) {", "if (wave.name === '' && fallsShort(standing, wave)) {"],
    noticedBy: ["providers/min-moved.test.ts"],
  },
  {
    name: "what comes later waits in the same run, too, until the wave before it has shown enough",
    change: ["movedEnough(reached, first.minMoved)", "reached.moved >= 0"],
    noticedBy: ["providers/min-moved.test.ts"],
  },
  {
    name: "a soak counts from the moment that enough was moved",
    change: ["(inputs.__lists.wasDone ? before?.doneAt : null)", "before?.doneAt"],
    noticedBy: ["providers/min-moved.test.ts"],
  },
  {
    name: "a wave by count without candidates yet is not empty",
    change: ['spec.takes.kind === "count" && mine.length === 0 ? free : 0', "0 * free"],
    noticedBy: ["providers/min-moved.test.ts"],
  },
  {
    name: "a request to stop, or a dead engine, ends the work between units",
    change: ["coordinator.halted() ?? (await stopReason())", "coordinator.halted()"],
    noticedBy: ["providers/removal.test.ts"],
  },
  {
    name: "a unit without a clear answer ends the wave",
    change: [
      "(units) => unanswered(units) ?? tooManySurprises(units, planned)",
      "(units) => tooManySurprises(units, planned)",
    ],
    noticedBy: ["providers/removal-trouble.test.ts"],
  },

  {
    name: "a removal counts only once the direct licence is gone",
    change: ['else if (skuIds.length > 0) wrong.set(userId, { kind: "still-direct", skuIds });', ""],
    noticedBy: ["providers/not-done.test.ts"],
  },
  {
    name: "a removal that is never seen is still to be done",
    noticedBy: ["providers/not-done.test.ts"],
  },
  {
    name: "a put-back is believed when a read shows it",
    change: ["!isSeen", "!isSeen && userId === licenses[0]?.skuId"],
    noticedBy: ["providers/not-done.test.ts"],
  },

  // Units in the air at one time.
  {
    name: "no unit writes while a user may be without a service",
    change: ["while (this.#halted === null && this.#doubts.size > 0) await", "if (this.#doubts.size > 1_000) await"],
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "a halt is heard before each batch",
    change: ["this.#halted === null", "true"],
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "no unit writes after a repair that broke off",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "what is written is read back before a doubt of another unit is waited for",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "a lost answer is read back before a group is waited for",
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "a proof gets old",
    change: ["host.now() <= untilMs &&", ""],
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "what one unit sees of a group holds for the others",
    change: ["host.now() <= untilMs && coordinator.unsteady === unsteady", "host.now() <= untilMs"],
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "the unit before the last is read back before the next one writes",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "a partial result stays to be done",
    change: ['olds["complete"] !== true', "false"],
    noticedBy: ["providers/hosted.test.ts"],
  },

  // Waves in time, and what people moved earlier have.
  {
    name: "a soak has to be over",
    change: ["untilMs !== null && nowMs >= untilMs ? null", "untilMs !== null ? null"],
    noticedBy: ["licensing/hold.test.ts"],
  },
  {
    name: "no wave beyond applyThrough",
    change: ["index > last", "index > 1_000"],
    noticedBy: ["licensing/hold.test.ts"],
  },
  {
    name: "no wave goes on past one that is put back",
    noticedBy: ["licensing/hold.test.ts", "licensing/plan.test.ts"],
  },
  {
    name: "a wave on hold touches no user",
    change: ["inputs.waits", 'inputs.waits && inputs.wave === ""'],
    noticedBy: ["providers/removal.test.ts"],
  },
  {
    name: "a user that a wave has taken stays in it",
    change: ['takes.kind === "count" && !hasChosen(record, name)', 'takes.kind === "count"'],
    noticedBy: ["licensing/wave-membership.test.ts"],
  },
  {
    name: "no wave removes anything while something is owed",
    change: ["owed.length === 0", "owed.length >= 0"],
    noticedBy: ["licensing/plan.test.ts", "providers/debts.test.ts"],
  },
  {
    name: "what could not be put back is owed",
    change: ['else if (outcome?.failure.kind !== "notFound") ledger.owed(userId, whyNot(outcome));', ""],
    noticedBy: ["providers/debts.test.ts"],
  },
  {
    name: "a debt ends by a record that is later than the debt",
    change: ["Date.parse(at)", "0"],
    noticedBy: ["licensing/debts.test.ts"],
  },
  {
    name: "a membership that is gone without a record ends no debt",
    change: ["found === undefined ? null", 'found === undefined ? { kind: "deleted" }'],
    noticedBy: ["licensing/debts.test.ts", "providers/debts.test.ts"],
  },
  {
    name: "a debt that is open is a change, so that a nightly check fails",
    change: ["total(owed) + total(ended)", "total(ended)"],
    noticedBy: ["providers/debts.test.ts"],
  },
  {
    name: "a busy sign-in service is told from a wrong secret",
    noticedBy: ["graph/sign-in.test.ts"],
  },
  {
    name: "more blocked users than maxBlocked refuse a wave",
    change: ["blockedUsers <= wave.maxBlocked", "blockedUsers >= 0"],
    noticedBy: ["licensing/plan.test.ts"],
  },

  // Changes that would take a service, and the record.
  {
    name: "a narrower group licence is refused once more at the write",
    change: ["refused.length === 0", "refused.length >= 0"],
    noticedBy: ["providers/group-license.test.ts", "providers/take-off.test.ts"],
  },
  {
    name: "a licence that another one replaces on a group stays until members are verified",
    change: ["__later.includes(skuId)", "__later.length < 0 && skuId"],
    noticedBy: ["providers/take-off.test.ts"],
  },
  {
    name: "without a seat for each member, a group's licence is not replaced: in the preview",
    change: ["missing === 0", "missing >= 0"],
    noticedBy: ["providers/take-off.test.ts"],
  },
  {
    name: "without a seat for each member, a group's licence is not replaced: at the write",
    noticedBy: ["providers/take-off.test.ts"],
  },
  {
    name: "a licence goes off a group only when Entra has processed it",
    noticedBy: ["providers/take-off.test.ts"],
  },
  {
    name: "a licence goes off a group only when its members are on record",
    change: ["__takeOff.every(isKept)", "__takeOff.length >= 0"],
    noticedBy: ["providers/take-off.test.ts"],
  },
  {
    name: "after a killed take-off, the members on record are read back",
    change: ["fresh.has(leaving.skuId)", "fresh.size >= 0"],
    noticedBy: ["providers/take-off.test.ts"],
  },
  {
    name: "a plan that a member lacks after a take-off is given back",
    noticedBy: ["providers/take-off.test.ts"],
  },
  {
    name: "a licence that is taken off a group by name is refused once more at the write",
    noticedBy: ["providers/remove-licenses.test.ts"],
  },
  // A group's swap in one call.
  {
    name: "only plans that exclude each other are swapped in one call",
    change: ["!call.add.some", "call.add.length < 0 && !call.add.some"],
    noticedBy: ["licensing/judge-one-call.test.ts"],
  },
  {
    name: "a group swaps in one call only when Entra has processed it",
    change: ['"ProcessingComplete"', '"ProcessingComplete" || true'],
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "a group swaps in one call only for a subscription in force",
    change: ['!== "enabled"', '=== "ended"'],
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "a group swaps in one call only with a seat for each member",
    change: ["each.short > 0", "each.short < 0"],
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "a group swaps in one call only when each member could be read",
    change: ["unknown === 0", "unknown >= 0"],
    noticedBy: ["licensing/judge-one-call.test.ts"],
  },
  {
    name: "a member with the old licence from elsewhere would get an error in place of the new one",
    change: ["members.filter((user)", "members.slice(members.length).filter((user)"],
    noticedBy: ["licensing/judge-one-call.test.ts"],
  },
  {
    name: "a member that could not be repaired directly is not swapped in one call",
    change: ["user.usageLocation === null", "user.id === null"],
    noticedBy: ["licensing/judge-one-call.test.ts"],
  },
  {
    name: "a swap in one call leaves no member a plan without what it needs",
    change: ["cohort.plansNow.has(plan)", "false"],
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "a member that Entra would refuse the new licence is not swapped in one call",
    change: ["failing.length === 0", "failing.length >= 0"],
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "a swap in one call is judged again by a fresh read right before it",
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "what a group swaps in one call is neither added nor taken off before",
    change: ["!call?.add.includes(license)", "license !== null"],
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "a licence that a swap did not plan for is not taken off",
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "a swap that adds nothing takes nothing off",
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "a swap without an answer is read back where the group shows it",
    change: ["isSwap && holders", "!isSwap && holders"],
    noticedBy: ["providers/one-call.test.ts"],
  },
  {
    name: "a member that a swap in one call has not reached yet is waited for",
    noticedBy: ["licensing/judge-one-call.test.ts"],
  },
  {
    name: "after a swap in one call a member is done when the new licence has arrived",
    change: ["swappedFor.every", "swappedFor.length > 0 || swappedFor.every"],
    noticedBy: ["licensing/judge-one-call.test.ts"],
  },
  // Moves from group to group.
  {
    name: "a user leaves the old group only as a member of the new one",
    change: ["memberOf.has(join.groupId)", "true"],
    noticedBy: ["licensing/leaving.test.ts"],
  },
  {
    name: "a user leaves the old group only if what stays gives every plan",
    noticedBy: ["licensing/leaving.test.ts"],
  },
  {
    name: "a user with an error in the new group stays in the old one",
    noticedBy: ["licensing/leaving.test.ts"],
  },
  {
    name: "what ends by itself is no reason to leave a group",
    change: ["endOf(join, skuId, lasting, evidence, world)", "null"],
    noticedBy: ["licensing/leaving.test.ts"],
  },
  {
    name: "a direct licence in error keeps no plan for a user that leaves a group",
    change: ['entry.state === "Active" && entry.error === null', "inForce(entry)"],
    noticedBy: ["licensing/leaving.test.ts"],
  },
  {
    name: "no user leaves a group if its licence could not be assigned directly",
    noticedBy: ["licensing/leaving.test.ts"],
  },
  {
    name: "the proof that a user may leave gets old",
    change: ["host.now() <= untilMs", "untilMs > 0"],
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "a user that is out of the old group is not taken out again",
    noticedBy: ["providers/move-trouble.test.ts", "providers/move.test.ts"],
  },
  {
    name: "a removal from a group that may have been done is read back, also if it ends the move",
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "users that left a group are looked at right after the write",
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "a moved user that is taken out of the new group is judged without its licences",
    change: ["!== joined.groupId", '!== ""'],
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "a request to stop, or a dead engine, ends a move between units",
    change: ["await host.stopReason(urn)", "null"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "a move without an end was interrupted",
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "a member that an interrupted removal left without a plan is owed it",
    change: ["!lacksWithoutSource(snapshot, userId, license, accepted)", "true"],
    noticedBy: ["proof/known-cases.test.ts"],
  },
  {
    name: "users that an interrupted run has moved stay on the list until a row has them",
    change: ["[...unread, ...now.users]", "now.users"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "a run that leaves a wave alone forgets no user that an interrupted one has moved",
    change: ["...slice.unread, ", "...(isNow ? slice.unread : []), "],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "users that an interrupted run has moved are read back, also while the wave is on hold",
    change: ['__lists.unread + __lists.added !== "" ||', '(!waits && __lists.unread !== "") ||'],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "users that an interrupted run has added stay on the list until a row has them",
    change: ["{ added } = slice", "added: readonly string[] = []"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "users of an interrupted run are read back against what the old group gave before",
    change: ["hadOf(userId)", "now"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "what an interrupted move has assigned directly is no user's own",
    change: ["repairs.length === 0", "repairs.length >= 0"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "only a licence that gives no more than the user had before the move passes for a repair",
    change: ["missing(catalog.enabledPlans(direct), kept).length === 0", "true"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "what an interrupted rollback has assigned directly is on record with the users that it moved back",
    change: ["repairedIn(unread[index] ?? [], each)", "[]"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "a rollback keeps what the old group gave before the move",
    change: ["[...backTo, ...unionOfPlans(hadOf(userId), catalog)]", "backTo"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "a rollback is planned by what the old group gave before the move",
    change: ["[...from.licenses, ...kept(userId)]", "from.licenses"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "a user that Graph refused to move is not tried again while the licences are the same",
    change: ["refused(userId)", "null"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "a refusal that all users share keeps no user in the old group",
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "a refusal that all users share keeps no user out of the new group",
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "a refused write of several users keeps only those out that are refused alone",
    change: ["userIds.filter((userId) => isRefused(together.get(userId)))", "[]"],
    noticedBy: ["providers/group-members.test.ts"],
  },
  {
    name: "users that were refused while no write succeeded are tried again: the app may lack the permission",
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "what is left of a retired plan is not taken back",
    change: ["losesWithBridge(new Set(skuIds), now, back)", "false"],
    noticedBy: ["licensing/bridge.test.ts"],
  },
  {
    name: "users of an unfinished move that are in no group are read by id",
    change: ["...unclear.filter((userId) => !snapshot.users.has(userId))", ""],
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "users of an interrupted move that are out of the old group are read back",
    change: ["...begun", ""],
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "a part with users that are still to be moved has work",
    change: ["[]", "result.pending"],
    noticedBy: ["proof/known-cases.test.ts"],
  },
  {
    name: "a user of two parts of a wave counts once",
    change: ['sizes("moved") - moved.size', "0"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "a move begins only when the state knows of it",
    change: ["receipts.hasBaseline(__lists.baselineDigest)", "true"],
    noticedBy: ["providers/move-trouble.test.ts"],
  },
  {
    name: "a move adds no more users than there are free seats",
    change: ["!short.has(userId)", "true"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "a user that Graph refused to add is on record, and not tried again while the licences are the same",
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "users without a seat are blocked in the plan of a wave that is done or goes back",
    change: ["withoutShort(wanted, seats)", "wanted"],
    noticedBy: ["providers/move.test.ts"],
  },
  {
    name: "members move between static groups only",
    noticedBy: ["tenant/resolve-moves.test.ts"],
  },
  {
    name: "members move between cloud-only groups only",
    noticedBy: ["tenant/resolve-moves.test.ts"],
  },
  {
    name: "a group that serves more than licences is moved to or from only with a key",
    noticedBy: ["tenant/resolve-moves.test.ts"],
  },
  {
    name: "what a group serves must be known before its members move",
    change: ["unread === null", "unread !== undefined"],
    noticedBy: ["tenant/resolve-moves.test.ts"],
  },
  // The groups themselves.
  {
    name: "rows are protected while a user depends on them",
    change: [
      "groups.some((group) => group.isProtected || (group.dependents.users > 0 && isAnyMoved)) || removals.length > 0",
      "false",
    ],
    noticedBy: ["licensing/plan.test.ts"],
  },
  {
    name: "a narrower group licence is refused in the preview",
    change: ["losses.length === 0", "losses.length >= 0"],
    noticedBy: ["licensing/plan.test.ts"],
  },
  {
    name: "a logical name stands for one group",
    change: ["before.groupId === groupId", "groupId !== null"],
    noticedBy: ["licensing/plan.test.ts"],
  },
  {
    name: "a group's licence is let go only when no user loses a plan by it",
    change: ["losses.length === 0", "losses.length >= 0"],
    noticedBy: ["tenant/refuse-dropped-groups.test.ts"],
  },
  {
    name: "the baseline keeps the users that were on it",
    change: ["new Map(known)", "new Map()"],
    noticedBy: ["licensing/baseline.test.ts"],
  },
  {
    name: "the baseline keeps the first record",
    change: ["[...licenses, ...(known.get(userId) ?? [])]", "[...(known.get(userId) ?? []), ...licenses]"],
    noticedBy: ["licensing/baseline.test.ts"],
  },
  {
    name: "the baseline is not let go while a user depends on it",
    change: ["dependent === 0", "dependent >= 0"],
    noticedBy: ["providers/baseline.test.ts"],
  },
  {
    name: "no user is missing on record",
    change: ["baseline.size !== users", "baseline.size > users"],
    noticedBy: ["licensing/baseline.test.ts"],
  },
  {
    name: "the record is what was written",
    change: ["digest !== baselineDigest(__entries)", "digest === null"],
    noticedBy: ["licensing/baseline.test.ts"],
  },
  {
    name: "a list of ids is whole",
    change: ['bytes.length % BYTES !== 0 || bytes.toString("base64") !== packed', "bytes.length < 0"],
    noticedBy: ["licensing/compact-ids.test.ts"],
  },
  {
    name: "what a wave says of its users is what it wrote",
    change: ["packed.__seal !== sealOf(packed)", 'packed.__seal === ""'],
    noticedBy: ["licensing/slice-record.test.ts"],
  },
  {
    name: "without its lists of users a step does nothing",
    change: ["lists === undefined", "lists === null"],
    noticedBy: ["providers/hosted.test.ts"],
  },

  // Names in the stack file that the tenant does not know.
  {
    name: "a name in a wave that has not begun must be found",
    change: ["hasBegun(record.waves.get(name))", 'name !== ""'],
    noticedBy: ["tenant/resolve-waves.test.ts"],
  },
  {
    name: "a renamed user of moveLast is still moved last",
    noticedBy: ["tenant/resolve-waves.test.ts"],
  },

  {
    name: "waves wait while a declared group is deleted",
    change: ["deleted !== null", "deleted === undefined"],
    noticedBy: ["providers/deleted-group.test.ts"],
  },

  // Moved users that left their group.
  {
    name: "too many departures refuse the next wave",
    change: ["{ ...wave, refusal: wave.refusal ?? refusal }", "wave"],
    noticedBy: ["providers/departures.test.ts"],
  },
  {
    name: "too many departures fail the nightly check",
    change: ["departuresAreDue || __lists.begun.length > 0", "__lists.begun.length > 0"],
    noticedBy: ["providers/departures.test.ts"],
  },
  {
    name: "an acknowledgement accepts only what was seen up to its day",
    change: ["day <= acknowledged", 'day !== ""'],
    noticedBy: ["providers/departures.test.ts"],
  },
  {
    name: "a departure has the day on which it was first seen",
    change: ["days.get(userId) ?? today", "today"],
    noticedBy: ["providers/departures.test.ts"],
  },

  // Members in error are reprocessed.
  {
    name: "no user is reprocessed that has left a group and still inherits from it",
    change: ["inherited.every(({ assignedByGroup }) => memberOf.has(assignedByGroup))", "memberOf.size >= 0"],
    noticedBy: ["providers/reprocess.test.ts"],
  },
  {
    name: "no user is reprocessed twice in a run",
    change: ["all.filter((userId) => !receipts.wasReprocessed(userId))", "all"],
    noticedBy: ["providers/reprocess.test.ts"],
  },

  // "Not yet" is not "deleted".
  {
    name: "a group that is not found does not make its members gone",
    change: ['failure.kind === "notFound" && failure.id === userId', 'failure.kind === "notFound"'],
    noticedBy: ["providers/not-yet.test.ts"],
  },
  {
    name: "the gate looks at new members that no list shows yet",
    change: ["new Set(host.receipts.joinedTo(group.groupId))", "new Set<Guid>()"],
    noticedBy: ["providers/not-yet.test.ts"],
  },
  {
    name: "no message says to delete a group that has a licence",
    change: ["licenses.length === 0 && sizes.get(id) === 0", "sizes.get(id) !== -1"],
    noticedBy: ["tenant/resolve-own-groups.test.ts"],
  },

  {
    name: "one refused licence does not keep a user from the others that are put back",
    change: ["licenses.length > 1", "licenses.length < 0"],
    noticedBy: ["providers/one-license-refused.test.ts"],
  },

  // Time is Graph's.
  {
    name: "a wave is done at Graph's time",
    change: ["graph.now()", "host.now()"],
    noticedBy: ["providers/graph-time.test.ts"],
  },
  {
    name: "Graph's time is read from its answers",
    noticedBy: ["providers/graph-time.test.ts"],
  },

  // Before anything is read.
  {
    name: "the credentials are for the tenant of the stack file",
    change: ['verdict === "pass" && identity.id !== null', "identity.id !== null"],
    noticedBy: ["tenant/confirm-tenant.test.ts"],
  },
  // Before a destroy.
  {
    name: "nothing of the record goes while a group could not be let go",
    noticedBy: ["providers/release-check.test.ts"],
  },
  {
    name: "a member who cannot be read may depend on a group",
    noticedBy: ["providers/release-check.test.ts"],
  },
  // Two tenants in one program.
  {
    name: "variables without the prefix sign in to no tenant that has one",
    change: ['name.slice(prefix.length) : ""', "name.slice(prefix.length) : name"],
    noticedBy: ["graph/sign-in-environment.test.ts"],
  },
  {
    name: "what one tenant's run has done lets no wave of another tenant begin",
    change: ["get(tenant)", "values().next().value"],
    noticedBy: ["providers/receipts.test.ts"],
  },
  {
    name: "a component reads its own record, and none of another component's",
    change: [".filter(([row]) => row.startsWith(within))", ""],
    noticedBy: ["providers/receipts.test.ts"],
  },
  // What the preview counts on.
  {
    name: "of two groups that bring excluding plans, the plan counts on neither",
    change: ["isSure || insteadOf !== undefined", "isSure"],
    noticedBy: ["licensing/preflight/findings.test.ts"],
  },
  {
    name: "a country where no two users have the SKU is unknown",
    change: ["location === country || observed.isUsedAt(skuId, location)", "true"],
    noticedBy: ["licensing/preflight/findings.test.ts", "proof/foretold.test.ts"],
  },
];

/** Checks whose tests also run with nothing taken out. They must pass: else a failure would not be the check's. */
export const CONTROLS: readonly string[] = [
  "the group is processed",
  "every written user is read back",
  "Retry-After is waited for",
];

export function controlOf(name: string): string {
  return `control: ${name}`;
}
