import { REQUESTS_PER_BATCH } from "../../graph/client/limits";
import type { Room } from "../../graph/tenant-graph";
import type { Guid } from "../../licensing/model";
import type { ReplacementProof } from "../../licensing/decision/replacement-proof";
import { polls } from "../writing/polls";
import { PAUSE_MS, type Pause } from "../writing/passing";
import { isDoubtful } from "../writing/refusal-streak";
import { formatUntil, waitOrStop } from "../writing/waits";
import { afterFailure } from "./after-failure";
import type { WaveCoordinator } from "./wave-coordinator";
import { decide, haltingOnFailure, type Decided } from "./decide";
import { UnitLedger, type UnitResult } from "./ledger";
import { readBack } from "./read-back";
import type { UnitContext } from "./unit-context";

/** How often a unit reads and decides again while writes are throttled, lost, or meet another write. */
const ATTEMPTS = 20;

/** Graph may ask for a moment only, again and again: all attempts together must not be over in seconds. */
const leastPauseMs = (attempt: number): number => Math.min(PAUSE_MS, 100 * 2 ** attempt);

/** A pause from the answer that asks for it: what is done meanwhile is not waited for twice. */
interface PauseUntil extends Pause {
  /** Milliseconds since 1970. */
  readonly untilMs: number;
}

/**
 * One unit: read its users again, prove, remove all SKUs of a user in one write, read back. What was not clearly
 * answered is read and decided again, never simply sent again.
 */
export class Unit {
  readonly #ledger: UnitLedger;
  readonly #reasons: string[] = [];
  #ahead: Promise<Decided> | null = null;
  /** Kept for the writes that the last proofs are for. */
  #room: Room | null = null;
  #hasSent = false;

  constructor(
    readonly userIds: readonly Guid[],
    private readonly context: UnitContext,
    private readonly convoy: WaveCoordinator,
  ) {
    this.#ledger = new UnitLedger(userIds);
  }

  /** What became of its users so far: right whenever somebody looks. */
  result(): UnitResult {
    return this.#ledger.result();
  }

  /** Why the wave must halt, as far as this unit knows. */
  get reasons(): readonly string[] {
    return this.#reasons;
  }

  /** The wave was halted before this unit had sent anything: it is as if it had not been begun. */
  get isHeldBack(): boolean {
    return this.convoy.halted() !== null && !this.#hasSent && this.#reasons.length === 0;
  }

  /** What failed for these users was not theirs: it is still to be removed. */
  takeBack(userIds: ReadonlySet<Guid>): void {
    this.#ledger.takeBack(userIds);
  }

  /** Reads and proves ahead of its turn, while the unit before still writes. */
  async look(): Promise<void> {
    this.#ahead ??= this.#decide();
    await this.#ahead;
  }

  /**
   * Its turn to write, until each user has a clear answer. Those whose answer is clear while others have to wait are read back
   * before that; all others by `finish`.
   */
  async write(): Promise<void> {
    const { context, convoy } = this;
    let isUnread = false;
    for (let attempt = 1; this.#ledger.open().length > 0; attempt += 1) {
      const decided = await this.#decideOnceSteady(isUnread);
      if (decided.verdict === "halt") {
        this.#haltFor(decided.reason);
        return;
      }
      const pause = await this.#send(decided, attempt);
      this.leave();
      if (convoy.halted() !== null || attempt === ATTEMPTS || this.#ledger.open().length === 0) return;
      // At once: what was written to must not stay unseen while the unit waits for somebody else, which may take minutes.
      await this.#readBack(pause === null ? "settled" : "all");
      if (convoy.halted() !== null) return;
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

  /** Reads back whom it wrote to and has not read back yet, and puts back what has to be. */
  finish(): Promise<void> {
    return this.#readBack("all");
  }

  /** Whatever it was about to write, it does not: the room is for others again. */
  leave(): void {
    this.#room?.release();
    this.#room = null;
  }

  #haltFor(reason: string): void {
    // What another unit halted the wave for is for that one to tell.
    if (reason !== this.convoy.halted()) this.#reasons.push(reason);
    this.convoy.halt(reason);
  }

  async #readBack(of: "all" | "settled"): Promise<void> {
    this.#reasons.push(...(await readBack(this.#ledger, of, this.context, this.convoy)));
  }

  /**
   * People join and leave groups all day, and Entra processes a group again each time: that is waited for, not an end.
   *
   * @param isUnread somebody whose write was not answered has not been read since: that comes before any wait
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
        await this.finish();
        const halted = this.convoy.halted();
        if (halted !== null) return { verdict: "halt", reason: halted };
        isUnread = false;
      }
      if (context.host.now() - startedMs >= context.steadyMs) {
        return {
          verdict: "halt",
          reason: `${decided.reason}. Nothing more was removed: run pulumi up again when it is done.`,
        };
      }
      const stop = await waitOrStop(pauses.next().value, decided.reason, context);
      if (stop !== null) return { verdict: "halt", reason: stop };
    }
  }

  /**
   * Room in the quota first, then the proofs: no wait comes between a proof and its write. While somebody is unread not even room is
   * waited for: what then does not fit is not sent, and has its pause after the read.
   */
  async #decide(isUnread = false): Promise<Decided> {
    this.leave();
    const decided = await haltingOnFailure(async () => {
      if (!isUnread) {
        this.#room = await this.context.graph.reserveWrites(this.#ledger.open().length, this.context.waveUsers);
      }
      return decide(this.#ledger, this.context, this.convoy);
    });
    if (decided.verdict !== "go") this.leave();
    return decided;
  }

  /**
   * Sends the writes, a batch at a time, as long as the wave goes on and the proof is good. Who was not sent stays open.
   *
   * @returns what to wait for before the users are read and decided anew
   */
  async #send({ proofs, isGood }: Extract<Decided, { verdict: "go" }>, attempt: number): Promise<PauseUntil | null> {
    let longest: PauseUntil | null = null;
    for (let at = 0; at < proofs.length; at += REQUESTS_PER_BATCH) {
      // A doubt may last as long as the settling time: whoever was written to and not read back yet comes before it.
      if (this.convoy.isInDoubt && (at > 0 || this.#ledger.unchecked("settled").length > 0)) break;
      if (!(await this.convoy.mayWrite()) || !isGood()) break;
      this.#hasSent = true;
      const { pause, gotThrough } = await this.#sendBatch(proofs.slice(at, at + REQUESTS_PER_BATCH), isGood, attempt);
      if (pause !== null && pause.untilMs > (longest?.untilMs ?? 0)) longest = pause;
      if (!gotThrough) break;
    }
    return longest;
  }

  /** Sends one batch and sorts its answers: done, to be looked at again, refused, or reason to halt. */
  async #sendBatch(
    proofs: readonly ReplacementProof[],
    isGood: () => boolean,
    attempt: number,
  ): Promise<{ readonly pause: PauseUntil | null; readonly gotThrough: boolean }> {
    const ledger = this.#ledger;
    this.context.writes.newBatch();
    const outcomes = await this.context.graph.removeDirect(proofs, this.#room ?? undefined, isGood);
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
      const next = afterFailure(outcome.failure, attempt === ATTEMPTS);
      if (next.kind === "gone") ledger.gone(proof.userId);
      if (next.kind === "blocked") {
        ledger.refused(proof, next.reason, next.isFinal);
        const ofAll = isDoubtful(outcome.failure) ? this.context.writes.failed(proof.userId, outcome.failure) : null;
        if (ofAll !== null) this.#haltFor(ofAll);
      }
      if (next.kind === "halt") this.#haltFor(next.reason);
      if (next.kind === "again") {
        if (next.sent) ledger.unanswered(proof);
        const untilMs = answeredMs + Math.max(next.pause?.ms ?? 0, leastPauseMs(attempt));
        if (next.pause !== null && untilMs > (pause?.untilMs ?? 0)) pause = { ...next.pause, untilMs };
      }
      // Where Graph took none of them, it would take none of the next batch either.
      gotThrough ||= next.kind !== "again" || next.sent;
    }
    return { pause, gotThrough };
  }
}
