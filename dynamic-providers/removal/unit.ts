import { REQUESTS_PER_BATCH } from "../../graph/client/limits";
import type { WriteReservation } from "../../graph/tenant-graph";
import type { Guid } from "../../licensing/model";
import type { ReplacementProof } from "../../licensing/decision/replacement-proof";
import { polls } from "../writing/polls";
import { FIRST_UNIT_PAUSE_MS, PAUSE_MS, UNIT_ATTEMPTS } from "../writing/limits";
import type { Pause } from "../writing/passing";
import { isDoubtful } from "../writing/refusal-streak";
import { formatUntil, waitOrStop } from "../writing/waits";
import { afterFailure } from "./after-failure";
import type { WaveCoordinator } from "./wave-coordinator";
import { decide, haltingOnFailure, type Decided } from "./decide";
import { UnitLedger, type UnitResult } from "./ledger";
import { readBack } from "./read-back";
import type { UnitContext } from "./unit-context";

const leastPauseMs = (attempt: number): number => Math.min(PAUSE_MS, FIRST_UNIT_PAUSE_MS * 2 ** attempt);

/** Measured from the answer, so that work done meanwhile counts as waiting. */
interface PauseUntil extends Pause {
  /** Milliseconds since 1970. */
  readonly untilMs: number;
}

/**
 * One unit: read its users, prove, remove all SKUs of a user in one write, read back. A write without a clear answer is
 * read and decided again, never just repeated.
 */
export class Unit {
  readonly #ledger: UnitLedger;
  readonly #reasons: string[] = [];
  #ahead: Promise<Decided> | null = null;
  /** The write reservation for the current proofs. */
  #reservation: WriteReservation | null = null;
  #hasSent = false;

  constructor(
    readonly userIds: readonly Guid[],
    private readonly context: UnitContext,
    private readonly coordinator: WaveCoordinator,
  ) {
    this.#ledger = new UnitLedger(userIds);
  }

  /** The results so far, correct at any moment. */
  result(): UnitResult {
    return this.#ledger.result();
  }

  /** Why the wave must halt, as far as this unit knows. */
  get reasons(): readonly string[] {
    return this.#reasons;
  }

  /** True if the wave halted before this unit sent anything; the unit then counts as not begun. */
  get isHeldBack(): boolean {
    return this.coordinator.halted() !== null && !this.#hasSent && this.#reasons.length === 0;
  }

  /** The failure did not concern these users, so their licences are pending again. */
  takeBack(userIds: ReadonlySet<Guid>): void {
    this.#ledger.takeBack(userIds);
  }

  /** Reads and proves early, while the previous unit still writes. */
  async look(): Promise<void> {
    this.#ahead ??= this.#decide();
    await this.#ahead;
  }

  /**
   * Writes until each user has a clear answer. If some users must wait, the others are read back before the wait;
   * `finish` reads back the rest.
   */
  async write(): Promise<void> {
    const { context, coordinator } = this;
    let isUnread = false;
    for (let attempt = 1; this.#ledger.open().length > 0; attempt += 1) {
      const decided = await this.#decideOnceSteady(isUnread);
      if (decided.verdict === "fail") {
        this.#haltFor(decided.reason);
        return;
      }
      const pause = await this.#send(decided, attempt);
      this.leave();
      if (coordinator.halted() !== null || attempt === UNIT_ATTEMPTS || this.#ledger.open().length === 0) return;
      // Read back at once: a wait for other users may take minutes, and written users must not stay unchecked for so
      // long.
      await this.#readBack(pause === null ? "settled" : "all");
      if (coordinator.halted() !== null) return;
      isUnread = pause === null && this.#ledger.unchecked("all").length > 0;
      if (pause === null) continue;
      const text = formatUntil(pause.what, pause.status, pause.untilMs);
      const stop = await waitOrStop(pause.untilMs - context.host.now(), text, context);
      if (stop !== null) {
        this.#haltFor(stop);
        return;
      }
    }
  }

  /** Reads back the remaining written users, and puts licences back where necessary. */
  finish(): Promise<void> {
    return this.#readBack("all");
  }

  /** Gives up the write reservation. */
  leave(): void {
    this.#reservation?.release();
    this.#reservation = null;
  }

  #haltFor(reason: string): void {
    // If another unit halted the wave, that unit reports the reason.
    if (reason !== this.coordinator.halted()) this.#reasons.push(reason);
    this.coordinator.halt(reason);
  }

  async #readBack(of: "all" | "settled"): Promise<void> {
    this.#reasons.push(...(await readBack(this.#ledger, of, this.context, this.coordinator)));
  }

  /**
   * Entra processes a group again after each change of members, so the unit waits for it instead of halting.
   *
   * @param isUnread true if a write got no answer and its user was not read since; that read comes before any wait
   */
  async #decideOnceSteady(isUnread: boolean): Promise<Exclude<Decided, { verdict: "wait" }>> {
    const { context } = this;
    const startedMs = context.host.now();
    const pauses = polls();
    for (;;) {
      const decided = await (this.#ahead ?? this.#decide(isUnread));
      this.#ahead = null;
      if (decided.verdict !== "wait") return decided;
      if (isUnread) {
        // check: a lost answer is read back before a group is waited for
        await this.finish();
        const halted = this.coordinator.halted();
        if (halted !== null) return { verdict: "fail", reason: halted };
        isUnread = false;
      }
      if (context.host.now() - startedMs >= context.steadyMs) {
        return {
          verdict: "fail",
          reason: `${decided.reason}. Nothing more was removed: run pulumi up again when it is done.`,
        };
      }
      const stop = await waitOrStop(pauses.next().value, decided.reason, context);
      if (stop !== null) return { verdict: "fail", reason: stop };
    }
  }

  /**
   * Reserves writes before reading the proofs, so that no wait comes between a proof and its write. With an unread user
   * not even the reservation is waited for: writes that do not fit stay unsent until after the read.
   */
  async #decide(isUnread = false): Promise<Decided> {
    this.leave();
    const decided = await haltingOnFailure<Decided>(
      async () => {
        if (!isUnread) {
          this.#reservation = await this.context.graph.reserveWrites(
            this.#ledger.open().length,
            this.context.waveUsers,
          );
        }
        return decide(this.#ledger, this.context, this.coordinator);
      },
      (reason) => ({ verdict: "fail", reason }),
    );
    if (decided.verdict !== "pass") this.leave();
    return decided;
  }

  /**
   * Sends the writes batch by batch while the wave goes on and the proofs are valid. Unsent users stay open.
   *
   * @returns the wait before the users are read and decided again
   */
  async #send({ proofs, isGood }: Extract<Decided, { verdict: "pass" }>, attempt: number): Promise<PauseUntil | null> {
    let longest: PauseUntil | null = null;
    for (let at = 0; at < proofs.length; at += REQUESTS_PER_BATCH) {
      // A repair may take the whole settling time; users that were written to and not read back come first.
      // check: what is written is read back before a doubt of another unit is waited for
      if (this.coordinator.isInDoubt && (at > 0 || this.#ledger.unchecked("settled").length > 0)) break;
      if (!(await this.coordinator.mayWrite()) || !isGood()) break;
      this.#hasSent = true;
      const { pause, gotThrough } = await this.#sendBatch(proofs.slice(at, at + REQUESTS_PER_BATCH), isGood, attempt);
      if (pause !== null && pause.untilMs > (longest?.untilMs ?? 0)) longest = pause;
      if (!gotThrough) break;
    }
    return longest;
  }

  /** Sends one batch and sorts its answers: done, decide again, refused, or halt. */
  async #sendBatch(
    proofs: readonly ReplacementProof[],
    isGood: () => boolean,
    attempt: number,
  ): Promise<{ readonly pause: PauseUntil | null; readonly gotThrough: boolean }> {
    const ledger = this.#ledger;
    this.context.writes.newBatch();
    const outcomes = await this.context.graph.removeDirect(proofs, this.#reservation ?? undefined, isGood);
    const answeredMs = this.context.host.now();
    let pause: PauseUntil | null = null;
    let gotThrough = false;
    for (const proof of proofs) {
      const outcome = outcomes.get(proof.userId) ?? {
        kind: "failed",
        failure: { kind: "lost", detail: "no outcome" },
      };
      if (outcome.kind === "done") {
        ledger.done(proof);
        this.context.writes.success();
        gotThrough = true;
        continue;
      }
      const next = afterFailure(outcome.failure, attempt === UNIT_ATTEMPTS);
      if (next.kind === "gone") ledger.gone(proof.userId);
      if (next.kind === "blocked") {
        ledger.refused(proof, next.reason, next.isFinal);
        const ofAll = isDoubtful(outcome.failure) ? this.context.writes.failed(proof.userId, outcome.failure) : null;
        if (ofAll !== null) this.#haltFor(ofAll);
      }
      if ((next.kind === "again" || next.kind === "halt") && next.sent) ledger.unanswered(proof);
      if (next.kind === "halt") this.#haltFor(next.reason);
      if (next.kind === "again") {
        const untilMs = answeredMs + Math.max(next.pause?.ms ?? 0, leastPauseMs(attempt));
        if (next.pause !== null && untilMs > (pause?.untilMs ?? 0)) pause = { ...next.pause, untilMs };
      }
      // If Graph accepted none of the batch, it would not accept the next one either.
      gotThrough ||= next.kind !== "again" || (next.sent && next.pause === null);
    }
    return { pause, gotThrough };
  }
}
