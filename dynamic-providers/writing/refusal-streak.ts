import { describeFailure, type GraphFailure } from "../../graph/client/failure";
import { FAILURES_OF_ALL } from "./limits";
import { counted } from "../../licensing/counts";

/**
 * Distinguishes a failure of one user (a restricted administrative unit) from one of all users (the app lacks a
 * permission). All units of a run share it; users count in the order of their answers.
 */
export class RefusalStreak {
  #kind: GraphFailure["kind"] | null = null;
  #inARow: string[] = [];
  #isBatchHeard = false;
  readonly #unclear = new Set<string>();

  /** The requests of a batch run together, so one success counts for all of them. */
  newBatch(): void {
    this.#isBatchHeard = false;
  }

  success(): void {
    this.#isBatchHeard = true;
    this.#unclear.clear();
    this.#inARow = [];
  }

  /** @returns the reason to halt; `null` if only this user fails */
  failed(userId: string, failure: GraphFailure): string | null {
    if (failure.kind !== this.#kind) this.#inARow = [];
    this.#kind = failure.kind;
    this.#inARow.push(userId);
    if (failure.kind === "forbidden" && !this.#isBatchHeard) this.#unclear.add(userId);
    // check: a failure that all users share blocks no single user
    if (!this.isOfAll) return null;
    return `${counted(this.#inARow.length, "user")} in a row failed in the same way, and no other between them: ${describeFailure(failure)}`;
  }

  /** True if the failure concerns more than these users. */
  get isOfAll(): boolean {
    return this.#inARow.length >= FAILURES_OF_ALL;
  }

  /** Users that failed since the last success. */
  get users(): ReadonlySet<string> {
    return new Set(this.#inARow);
  }

  /** Users refused since the last success: the app may have lost its permission. */
  get unclear(): ReadonlySet<string> {
    return this.#unclear;
  }
}

/** Failures that may concern one user or all of them. A broken licence rule always concerns one user. */
export function isDoubtful(failure: GraphFailure): boolean {
  return failure.kind === "forbidden" || failure.kind === "unexpected";
}
