import { describeFailure, type GraphFailure } from "../../graph/failure";
import { counted } from "../../licensing/tally";

/** So many users refused in the same way, and none written to between them: then the fault is not these users'. */
const MOST_IN_A_ROW = 20;

/** What Graph may answer to one user of many, or to all of them: only the others tell which. */
type Doubtful = "forbidden" | "unexpected";

/**
 * Tells a refusal that is about one user (a restricted administrative unit, an odd object) from one that is about all of them (the app lacks
 * a permission). Shared by all units of a run: it counts users in the order of their answers.
 */
export class RefusalStreak {
  #kind: Doubtful | null = null;
  #users: string[] = [];
  #succeeded = false;

  /** A write went through: the app may write. */
  success(): void {
    this.#succeeded = true;
    this.#users = [];
  }

  /** @returns why the run is to halt; `null`: this user alone is refused */
  refused(userId: string, failure: GraphFailure): string | null {
    if (failure.kind !== "forbidden" && failure.kind !== "unexpected") return null;
    if (failure.kind !== this.#kind) this.#users = [];
    this.#kind = failure.kind;
    this.#users.push(userId);
    if (this.#users.length < MOST_IN_A_ROW) return null;
    return `${counted(this.#users.length, "user")} in a row were refused, and none was written to between them. ${describeFailure(failure)}`;
  }

  /** The users of the streak so far: if all are refused, the refusal is not theirs. */
  get users(): ReadonlySet<string> {
    return new Set(this.#users);
  }

  /** Whether a refusal is known to be about one user: another one was written to in this run. */
  get isOfOne(): boolean {
    return this.#succeeded;
  }
}
