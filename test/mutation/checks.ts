/** A safety check of the product, how it is taken out, and the tests that notice. */
export interface SafetyCheck {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly source: string;
  readonly without: string;
  /** Under `test/`; at least one of their tests fails without the check. */
  readonly noticedBy: readonly string[];
}

const REPLACEMENT = ["licensing/replacement.test.ts"];
const DECIDE = "dynamic-providers/removal/decide.ts";
const DRIVE = "dynamic-providers/removal/drive.ts";
const READ_BACK = "dynamic-providers/removal/read-back.ts";
const RUN = "dynamic-providers/removal/run.ts";
const PACER = "graph/pacing/pacer.ts";
const PACED = ["graph/pacing/plugged-in.test.ts"];

/** What the promises of docs/safety.md rest on, check by check. */
export const CHECKS: readonly SafetyCheck[] = [
  // The one rule: who may be removed.
  {
    name: "only a first-level member keeps what a group gives",
    file: "licensing/replacement.ts",
    source: "    if (!evidence.memberOf.has(group.groupId)) continue;\n",
    without: "",
    noticedBy: REPLACEMENT,
  },
  {
    name: "what stays comes from that declared group, not from any",
    file: "licensing/replacement.ts",
    source:
      "const entry = user.assignments.find((each) => each.skuId === skuId && each.assignedByGroup === group.groupId);",
    without: "const entry = user.assignments.find((each) => each.skuId === skuId && each.assignedByGroup !== null);",
    noticedBy: REPLACEMENT,
  },
  {
    name: "what ends by itself is no replacement",
    file: "licensing/replacement.ts",
    source: '  if (standing !== "any" && endOf(group, skuId, standing, evidence, world) !== null) return null;\n',
    without: "",
    noticedBy: ["licensing/what-ends.test.ts"],
  },
  {
    name: "a subscription of unknown status has ended",
    file: "licensing/subscription.ts",
    source: '    default:\n      return "ended";',
    without: '    default:\n      return "enabled";',
    noticedBy: ["licensing/what-ends.test.ts"],
  },
  {
    name: "a grace period is no replacement for what is in better standing",
    file: "licensing/replacement.ts",
    source: "if (!lastsAsLongAs(given, standing) && accepts?.grace.has(skuId) !== true) {",
    without: 'if (given === "ended" && accepts?.grace.has(skuId) !== true) {',
    noticedBy: ["licensing/what-ends.test.ts"],
  },
  {
    name: "nothing is removed that could not be put back",
    file: "licensing/replacement.ts",
    source: '  if (user.usageLocation === null) return { kind: "no-usage-location" };\n',
    without: "",
    noticedBy: ["licensing/what-ends.test.ts"],
  },
  {
    name: "the subscriptions are read with the proof",
    file: "dynamic-providers/removal/fresh-evidence.ts",
    source: 'new Catalog("kind" in skus ? [] : skus);',
    without: 'new Catalog("kind" in skus ? [] : skus.map((sku) => ({ ...sku, capabilityStatus: "Enabled" })));',
    noticedBy: ["providers/what-ends.test.ts"],
  },
  {
    name: "a membership whose end could not be read may end",
    file: "dynamic-providers/removal/fresh-evidence.ts",
    source: '[id, isFailure(of) ? "unknown" : of]',
    without: "[id, isFailure(of) ? new Map() : of]",
    noticedBy: ["providers/what-ends.test.ts"],
  },
  {
    name: "an ended subscription is seen by the read back",
    file: "licensing/after-removal.ts",
    source: 'const standing = however === "any" ? "any" : catalog.standing(license.skuId);',
    without: 'const standing = "any";',
    noticedBy: ["licensing/what-ends.test.ts", "providers/what-ends.test.ts"],
  },
  {
    name: "a retired plan is left out",
    file: "licensing/catalog.ts",
    source: "return { ...license, disabledPlans: license.disabledPlans.filter((plan) => plans.has(plan)) };",
    without: "return license;",
    noticedBy: ["providers/what-ends.test.ts"],
  },
  {
    name: "a group that no longer exists gives nothing",
    file: "licensing/licenses-after.ts",
    source: "    ...gone,\n",
    without: "",
    noticedBy: ["providers/what-ends.test.ts"],
  },
  {
    name: "the group gives the plan now",
    file: "licensing/replacement.ts",
    source: "keptByGroup.has(plan) && keptByDeclaration.has(plan)",
    without: "keptByDeclaration.has(plan)",
    noticedBy: REPLACEMENT,
  },
  {
    name: "the declaration gives the plan, too",
    file: "licensing/replacement.ts",
    source: "keptByGroup.has(plan) && keptByDeclaration.has(plan)",
    without: "keptByGroup.has(plan)",
    noticedBy: REPLACEMENT,
  },
  {
    name: "the inherited licence is Active",
    file: "licensing/replacement.ts",
    source: 'if (entry.state !== "Active" || entry.error !== null) return null;',
    without: "if (entry.error !== null) return null;",
    noticedBy: REPLACEMENT,
  },
  {
    name: "the inherited licence has no error",
    file: "licensing/replacement.ts",
    source: 'if (entry.state !== "Active" || entry.error !== null) return null;',
    without: 'if (entry.state !== "Active") return null;',
    noticedBy: REPLACEMENT,
  },
  {
    name: "the group is processed",
    file: "licensing/replacement.ts",
    source: '  if (now?.processingState !== "ProcessingComplete") return null;\n',
    without: "",
    noticedBy: REPLACEMENT,
  },
  {
    name: "each plan that goes is among those that stay",
    file: "licensing/replacement.ts",
    source: "needed.size > 0 ? lost.length === 0 :",
    without: "needed.size > 0 ? true :",
    noticedBy: REPLACEMENT,
  },
  {
    name: "the tenant lists the SKU",
    file: "licensing/replacement.ts",
    source: "isReplaced && world.catalog.has(skuId)",
    without: "isReplaced",
    noticedBy: REPLACEMENT,
  },
  {
    name: "a licence with nothing on needs the SKU itself to be inherited",
    file: "licensing/replacement.ts",
    source: "lost.length === 0 : isInherited(skuId, evidence, world)",
    without: "lost.length === 0 : true",
    noticedBy: REPLACEMENT,
  },
  {
    name: "a licence from nowhere is blocked",
    file: "licensing/replacement.ts",
    source: "if (held) decisions.push",
    without: "if (!held) decisions.push",
    noticedBy: REPLACEMENT,
  },
  {
    name: "only what is on record is proven",
    file: "licensing/replacement-proof.ts",
    source: 'decision.verdict !== "remove" || recorded.has(decision.skuId)',
    without: "decision.verdict !== recorded",
    noticedBy: REPLACEMENT,
  },

  // The write.
  {
    name: "the groups give what is declared right before the write",
    file: "dynamic-providers/removal/steadiness.ts",
    source: "if (changed.length > 0) {",
    without: "if (changed.length > 1_000) {",
    noticedBy: ["providers/meanwhile.test.ts"],
  },
  {
    name: "members in error must not rise",
    file: "dynamic-providers/removal/members-in-error.ts",
    source: "now - before <= MORE_AT_MOST",
    without: "now - before <= Number.POSITIVE_INFINITY",
    noticedBy: ["providers/members-in-error.test.ts"],
  },
  {
    name: "a group that is processed again is waited for",
    file: "dynamic-providers/removal/steadiness.ts",
    source: "if (busy.length === 0) return",
    without: "if (busy.length >= 0) return",
    noticedBy: ["providers/meanwhile.test.ts"],
  },
  {
    name: "a user who can't be read right before the write halts the wave",
    file: DECIDE,
    source:
      'if (read.kind !== "notFound") return { verdict: "halt", reason: unread("user", await nameOf(userId), read) };',
    without: "",
    noticedBy: ["providers/removal-trouble.test.ts"],
  },
  {
    name: "a lost write may have been done",
    file: "dynamic-providers/removal/after-failure.ts",
    source: 'case "lost":\n      return { kind: "again", sent: true,',
    without: 'case "lost":\n      return { kind: "again", sent: false,',
    noticedBy: ["providers/removal-trouble.test.ts", "providers/read-back.test.ts"],
  },
  {
    name: "a removal is not sent again on its old proof",
    file: "graph/retry.ts",
    source: 'return kind === "provenWrite" && decision.next === "repeat" ? ACCEPT : decision;',
    without: "return decision;",
    noticedBy: ["graph/retry.test.ts"],
  },
  {
    name: "a write that may have been done is not repeated",
    file: "graph/retry.ts",
    source: 'return kind === "read" ? repeat("unavailable", history, retryAfterMs, jitter) : LOST;',
    without: 'return repeat("unavailable", history, retryAfterMs, jitter);',
    noticedBy: ["graph/retry.test.ts"],
  },
  {
    name: "Retry-After is waited for",
    file: "graph/retry.ts",
    source: "afterMs: retryAfterMs ?? pause(history[because], jitter)",
    without: "afterMs: pause(history[because], jitter)",
    noticedBy: ["graph/retry.test.ts"],
  },
  {
    name: "a removal never waits between its proof and its write",
    file: "graph/pacing/admission.ts",
    source: 'if (waiting.kind === "provenWrite" || wait.untilMs - now > LONGEST_WAIT_MS)',
    without: "if (wait.untilMs - now > LONGEST_WAIT_MS)",
    noticedBy: PACED,
  },
  {
    name: "what Graph asks of one request, all others of that limit wait for",
    file: PACER,
    source: "this.heldUntilMs[limit] = Math.max(this.heldUntilMs[limit], untilMs);",
    without: "",
    noticedBy: PACED,
  },
  {
    name: "room that was kept does not let a removal go while Graph asks to wait",
    file: PACER,
    source: "    const wait = this.holdOf(cost, now);\n    if (wait !== null) return wait;\n",
    without: "",
    noticedBy: ["graph/pacing/pacer.test.ts"],
  },
  {
    name: "who was just written to is looked after though others have to wait",
    file: PACER,
    source: "turn.isUrgent ? null : this.holdOf(turn.cost, now)",
    without: "this.holdOf(turn.cost, now)",
    noticedBy: PACED,
  },
  {
    name: "one write for a user at a time",
    file: "graph/direct-assignments.ts",
    source: "if (new Set(userIds.map((id) => id.toLowerCase())).size < userIds.length) {",
    without: "if (userIds.length > 1_000_000) {",
    noticedBy: ["graph/odd-answers.test.ts"],
  },

  // After the write.
  {
    name: "everybody who was written to is read back",
    file: READ_BACK,
    source: "  if (written.size === 0) return [];\n",
    without: "  if (written.size >= 0) return [];\n",
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "the rule is run once more after the write",
    file: "licensing/after-removal.ts",
    source: "  if (planIds.length > 0) {\n",
    without: "  if (planIds.length > 1_000) {\n",
    noticedBy: ["licensing/after-removal.test.ts"],
  },
  {
    name: "both views of a user must show a plan",
    file: "licensing/effective-plans.ts",
    source: "[...new Set([...byState, ...merged])]",
    without: "[...new Set(byState)]",
    noticedBy: ["licensing/effective-plans.test.ts"],
  },
  {
    name: "a plan that is missing is looked for again after the settling time",
    file: READ_BACK,
    source: "    await waitToTheEnd(context.settleMs, text, context);\n",
    without: "",
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "who can't be read back counts as without a service",
    file: READ_BACK,
    source: 'if (read.kind !== "notFound") wrong.set(',
    without: 'if (read.kind === "notFound") wrong.set(',
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "a licence is put back with its own disabled plans",
    file: "licensing/after-removal.ts",
    source: ".map(({ skuId, disabledPlans }) => ({ skuId, disabledPlans }));",
    without: ".map(({ skuId }) => ({ skuId, disabledPlans: [] }));",
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "putting back is tried again",
    file: "dynamic-providers/removal/put-back.ts",
    source: "canStop: false, patienceMs: 10 * 60_000",
    without: "canStop: false, patienceMs: 0",
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "no stop ends putting back",
    file: "dynamic-providers/removal/put-back.ts",
    source: "canStop: false, patienceMs: 10 * 60_000",
    without: "canStop: true, patienceMs: 10 * 60_000",
    noticedBy: ["providers/waits.test.ts"],
  },
  {
    name: "a stop is heard before each write",
    file: "graph/middleware.ts",
    source: '      if (call.kind === "write") await this.refuseStopped(turn);\n',
    without: "",
    noticedBy: ["providers/writing.test.ts"],
  },
  {
    name: "a write that adds is repeated until the answer is clear",
    file: "dynamic-providers/writing/until-clear.ts",
    source: "open = open.filter((_id, at) => pauses[at] !== null);",
    without: "open = [];",
    noticedBy: ["providers/writing.test.ts", "providers/read-back.test.ts"],
  },
  {
    name: "a wave with too many surprises halts",
    file: RUN,
    source: "if (surprised <= limit) return null;",
    without: "if (surprised >= 0) return null;",
    noticedBy: ["providers/removal-blocked.test.ts", "providers/removal.test.ts"],
  },
  {
    name: "what the plan foresaw is no surprise, licence by licence",
    file: RUN,
    source: "planned.get(userId)?.has(skuId) === true",
    without: "planned.has(userId)",
    noticedBy: ["providers/continued.test.ts"],
  },
  {
    name: "a run that is continued looks at the users who have something left",
    file: "dynamic-providers/lifecycle/direct-license-removal.ts",
    source: "lists.looksAgain ? users :",
    without: "lists.planned ? users :",
    noticedBy: ["providers/continued.test.ts"],
  },
  {
    name: "users who are blocked in the plan are looked at again where the gate waits for them",
    file: "dynamic-providers/lifecycle/direct-license-removal.ts",
    source: "lists.looksAgain ? users :",
    without: "!lists.planned ? users :",
    noticedBy: ["providers/continued.test.ts"],
  },
  {
    name: "a part of a wave begins only with a record of its users",
    file: "dynamic-providers/removal/on-record.ts",
    source: "if (users === 0 && baseline.isThere) return null;",
    without: "if (baseline.isThere || users >= 0) return null;",
    noticedBy: ["providers/on-record.test.ts"],
  },
  {
    name: "what is not in the baseline of before the run needs its receipt",
    file: "licensing/plan.ts",
    source: "record.baseline.get(userId)?.has(skuId) !== true",
    without: "record.baseline.get(userId)?.has(skuId) === undefined",
    noticedBy: ["providers/on-record.test.ts"],
  },
  {
    name: "somebody who asks to stop, or an engine that is gone, is heard between units",
    file: DRIVE,
    source: "convoy.halted() ?? (await stopReason());",
    without: "convoy.halted();",
    noticedBy: ["providers/removal.test.ts"],
  },
  {
    name: "a unit without a clear answer ends the wave",
    file: RUN,
    source: "judge: (units) => unanswered(units) ??",
    without: "judge: (units) =>",
    noticedBy: ["providers/removal-trouble.test.ts"],
  },

  // Units in the air at one time.
  {
    name: "no unit writes while somebody may be without a service",
    file: "dynamic-providers/removal/convoy.ts",
    source: "while (this.#halted === null && this.#doubts.size > 0) await",
    without: "if (this.#doubts.size > 1_000) await",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "a halt is heard before each batch",
    file: "dynamic-providers/removal/convoy.ts",
    source: "    return this.#halted === null;\n",
    without: "    return true;\n",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "nobody writes after work in doubt that broke off",
    file: "dynamic-providers/removal/convoy.ts",
    source: "      this.halt(BROKEN_OFF);\n",
    without: "",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "what is written is read back before a doubt of another unit is waited for",
    file: "dynamic-providers/removal/unit.ts",
    source: '      if (this.convoy.isInDoubt && (at > 0 || this.#ledger.unchecked("settled").length > 0)) break;\n',
    without: "",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "a lost answer is read back before a group is waited for",
    file: "dynamic-providers/removal/unit.ts",
    source: "        await this.finish();\n",
    without: "",
    noticedBy: ["providers/read-back.test.ts"],
  },
  {
    name: "a proof gets old",
    file: DECIDE,
    source: "host.now() <= untilMs && ",
    without: "",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "what one unit sees of a group holds for the others",
    file: DECIDE,
    source: " && convoy.unsteady === unsteady",
    without: "",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "the unit before the last is read back before the next one writes",
    file: DRIVE,
    source: "      await before;\n",
    without: "",
    noticedBy: ["providers/units-overlap.test.ts"],
  },
  {
    name: "a partial result stays to be done",
    file: "dynamic-providers/host/hosted.ts",
    source: 'olds["complete"] !== true',
    without: "false",
    noticedBy: ["providers/hosted.test.ts"],
  },

  // Waves in time, and what people moved earlier have.
  {
    name: "a soak has to be over",
    file: "licensing/hold.ts",
    source: "untilMs !== null && nowMs >= untilMs ? null",
    without: "untilMs !== null ? null",
    noticedBy: ["licensing/hold.test.ts"],
  },
  {
    name: "no wave beyond applyThrough",
    file: "licensing/hold.ts",
    source: "if (index > last) {",
    without: "if (index > 1_000) {",
    noticedBy: ["licensing/hold.test.ts"],
  },
  {
    name: "nobody goes on past a wave that is put back",
    file: "licensing/hold.ts",
    source: '      barrier = { kind: "rollback", after: wave.name };\n',
    without: "",
    noticedBy: ["licensing/hold.test.ts", "licensing/plan.test.ts"],
  },
  {
    name: "a wave on hold touches nobody",
    file: "dynamic-providers/lifecycle/direct-license-removal.ts",
    source: "    if (inputs.waits) {\n",
    without: '    if (inputs.waits && inputs.wave === "") {\n',
    noticedBy: ["providers/removal.test.ts"],
  },
  {
    name: "who a wave has taken stays in it",
    file: "licensing/wave-membership.ts",
    source: 'takes.kind === "count" && !hasChosen(record, name)',
    without: 'takes.kind === "count"',
    noticedBy: ["licensing/wave-membership.test.ts"],
  },
  {
    name: "people moved earlier who lack a plan stop every wave",
    file: "licensing/wave-refusal.ts",
    source: "if (regressions.length === 0) return waves;",
    without: "if (regressions.length >= 0) return waves;",
    noticedBy: ["licensing/plan.test.ts"],
  },
  {
    name: "more blocked users than maxBlocked refuse a wave",
    file: "licensing/wave-refusal.ts",
    source: "blockedUsers <= wave.maxBlocked) return null;",
    without: "blockedUsers >= 0) return null;",
    noticedBy: ["licensing/plan.test.ts"],
  },

  // Changes that would take a service, and the record.
  {
    name: "a narrower group licence is refused once more at the write",
    file: "dynamic-providers/group-change/refuse-loss.ts",
    source: "if (refused.length === 0) return;",
    without: "if (refused.length >= 0) return;",
    noticedBy: ["providers/group-license.test.ts"],
  },
  {
    name: "a licence that is taken off a group by name is refused once more at the write",
    file: "dynamic-providers/lifecycle/group-license.ts",
    source: '          await refuseLoss(graph, { ...change, lettingGo, how: "changed" });\n',
    without: "",
    noticedBy: ["providers/remove-licenses.test.ts"],
  },
  {
    name: "rows are protected while somebody depends on them",
    file: "licensing/plan.ts",
    source: "isProtected: groups.some((group) => group.dependents > 0 || group.isProtected) || removals.length > 0,",
    without: "isProtected: false,",
    noticedBy: ["licensing/plan.test.ts"],
  },
  {
    name: "a narrower group licence is refused in the preview",
    file: "licensing/group-plan.ts",
    source: "(losses.length === 0 ? null :",
    without: "(losses.length >= 0 ? null :",
    noticedBy: ["licensing/plan.test.ts"],
  },
  {
    name: "a logical name stands for one group",
    file: "licensing/group-plan.ts",
    source: "if (before === undefined || before.groupId === groupId) return null;",
    without: "if (before === undefined || groupId !== null) return null;",
    noticedBy: ["licensing/plan.test.ts"],
  },
  {
    name: "a group's licence is let go only when nobody loses by it",
    file: "tenant/refuse-dropped-groups.ts",
    source: "if (losses.length === 0) continue;",
    without: "if (losses.length >= 0) continue;",
    noticedBy: ["tenant/refuse-dropped-groups.test.ts"],
  },
  {
    name: "the baseline keeps who was on it",
    file: "licensing/baseline.ts",
    source: "const grown = new Map(known);",
    without: "const grown = new Map();",
    noticedBy: ["licensing/baseline.test.ts"],
  },
  {
    name: "the baseline keeps the first record",
    file: "licensing/baseline.ts",
    source: "new Map([...licenses, ...(known.get(userId) ?? [])])",
    without: "new Map([...(known.get(userId) ?? []), ...licenses])",
    noticedBy: ["licensing/baseline.test.ts"],
  },
  {
    name: "the baseline is not let go while somebody depends on it",
    file: "dynamic-providers/lifecycle/direct-license-baseline.ts",
    source: "if (dependent === 0) return;",
    without: "if (dependent >= 0) return;",
    noticedBy: ["providers/baseline.test.ts"],
  },
  {
    name: "nobody is missing on record",
    file: "licensing/baseline.ts",
    source: "if (baseline.size !== users) {",
    without: "if (baseline.size > users) {",
    noticedBy: ["licensing/baseline.test.ts"],
  },
  {
    name: "the record is what was written",
    file: "licensing/baseline.ts",
    source: "digest !== undefined && digest !== baselineDigest(__entries)",
    without: "digest === null",
    noticedBy: ["licensing/baseline.test.ts"],
  },
  {
    name: "a list of ids is whole",
    file: "licensing/compact-ids.ts",
    source: 'bytes.length % BYTES !== 0 || bytes.toString("base64") !== packed',
    without: "bytes.length < 0",
    noticedBy: ["licensing/compact-ids.test.ts"],
  },
  {
    name: "what a wave says of its users is what it wrote",
    file: "licensing/slice-record.ts",
    source: "packed.__seal !== undefined && packed.__seal !== sealOf(packed)",
    without: 'packed.__seal === ""',
    noticedBy: ["licensing/slice-record.test.ts"],
  },
  {
    name: "without its lists of users a step does nothing",
    file: "dynamic-providers/host/lists-in-passing.ts",
    source: "if (lists === undefined) {",
    without: "if (lists === null) {",
    noticedBy: ["providers/hosted.test.ts"],
  },

  // Names in the stack file that the tenant does not know.
  {
    name: "a name in a wave that has not begun must be found",
    file: "tenant/resolve-waves.ts",
    source: "hasBegun(record.waves.get(name)) ? noteOn",
    without: 'name !== "" ? noteOn',
    noticedBy: ["tenant/resolve-waves.test.ts"],
  },
  {
    name: "a user of moveLast who was renamed is still moved last",
    file: "tenant/resolve-move-last.ts",
    source: "      users.set(word, userId);\n",
    without: "",
    noticedBy: ["tenant/resolve-waves.test.ts"],
  },

  // Moved users who left their group.
  {
    name: "too many departures refuse the next wave",
    file: "licensing/wave-refusal.ts",
    source: "return { ...wave, refusal: wave.refusal ?? refusal };",
    without: "return wave;",
    noticedBy: ["providers/departures.test.ts"],
  },
  {
    name: "too many departures fail the nightly check",
    file: "dynamic-providers/lifecycle/direct-license-baseline.ts",
    source: "departuresAreDue || digest",
    without: "digest",
    noticedBy: ["providers/departures.test.ts"],
  },
  {
    name: "an acknowledgement accepts only what was seen up to its day",
    file: "licensing/departures.ts",
    source: "day <= limit.acknowledged;",
    without: 'day !== "";',
    noticedBy: ["providers/departures.test.ts"],
  },
  {
    name: "a departure has the day on which it was first seen",
    file: "dynamic-providers/lifecycle/direct-license-baseline.ts",
    source: "days.get(userId) ?? today",
    without: "today",
    noticedBy: ["providers/departures.test.ts"],
  },

  // Time is Graph's.
  {
    name: "a wave is done at Graph's time",
    file: "dynamic-providers/lifecycle/direct-license-removal.ts",
    source: "catalog, graph.now());",
    without: "catalog, host.now());",
    noticedBy: ["providers/graph-time.test.ts"],
  },
  {
    name: "Graph's time is read from its answers",
    file: "graph/middleware.ts",
    source: "    clock.hear(response.headers);\n",
    without: "",
    noticedBy: ["providers/graph-time.test.ts"],
  },

  // Before anything is read.
  {
    name: "the credentials are for the tenant of the stack file",
    file: "tenant/confirm-tenant.ts",
    source: 'if (verdict === "pass" && identity.id !== null)',
    without: "if (identity.id !== null)",
    noticedBy: ["tenant/confirm-tenant.test.ts"],
  },
];

/** Nothing is taken out here, and nothing may fail: what fails above fails for the check, not for the way it is taken out. */
export const CONTROLS: readonly SafetyCheck[] = [
  "the group is processed",
  "everybody who was written to is read back",
  "Retry-After is waited for",
].flatMap((name) =>
  CHECKS.filter((check) => check.name === name).map((check) => ({
    ...check,
    name: `control: ${name}`,
    without: check.source,
  })),
);
