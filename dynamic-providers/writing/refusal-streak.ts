import { describeFailure, type GraphFailure } from "../../graph/client/failure";
import { counted } from "../../licensing/counts";

/** So many users fail in the same way, and none works between them: then the fault is not these users'. */
const MOST_IN_A_ROW = 20;

/**
 * Tells a failure that is about one user (a restricted administrative unit, an odd object) from one that is about all of them (the app
 * lacks a permission): only the others tell which. All units of a run share one, and users count in the order of their answers.
 */
export class RefusalStreak {
  #kind: GraphFailure["kind"] | null = null;
  #inARow: string[] = [];
  #isBatchHeard = false;
  readonly #unclear = new Set<string>();

  /** The requests of one batch are made at one time: a success in it speaks for all of them. */
  newBatch(): void {
    this.#isBatchHeard = false;
  }

  success(): void {
    this.#isBatchHeard = true;
    this.#unclear.clear();
    this.#inARow = [];
  }

  /** @returns why the run is to halt; `null`: this user alone fails */
  failed(userId: string, failure: GraphFailure): string | null {
    if (failure.kind !== this.#kind) this.#inARow = [];
    this.#kind = failure.kind;
    this.#inARow.push(userId);
    if (failure.kind === "forbidden" && !this.#isBatchHeard) this.#unclear.add(userId);
    if (!this.isOfAll) return null;
    return `${counted(this.#inARow.length, "user")} in a row failed in the same way, and no other between them: ${describeFailure(failure)}`;
  }

  /** It is not about these users. */
  get isOfAll(): boolean {
    return this.#inARow.length >= MOST_IN_A_ROW;
  }

  /** Users who failed since the last success. */
  get users(): ReadonlySet<string> {
    return new Set(this.#inARow);
  }

  /** Users who were refused, and nobody was written to since: the permission may have been taken away. */
  get unclear(): ReadonlySet<string> {
    return this.#unclear;
  }
}

/** What Graph may answer to one user of many, or to all of them. A broken licence rule is always the user's own. */
export function isDoubtful(failure: GraphFailure): boolean {
  return failure.kind === "forbidden" || failure.kind === "unexpected";
}
