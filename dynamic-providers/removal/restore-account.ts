import { describeFailure, type GraphFailure } from "../../graph/client/failure";
import type { Guid, License } from "../../licensing/model";
import type { Restore } from "../../licensing/plan/restore";
import { counted, countByName, type CountsByName } from "../../licensing/counts";
import { passing } from "../writing/passing";
import { isDoubtful, RefusalStreak } from "../writing/refusal-streak";
import { failureIn } from "../writing/until-clear";
import type { AssignOutcome } from "./assign-and-see";
import { whyNotPutBack } from "./not-put-back";

/** What a rollback did. */
export interface RestoreResult {
  readonly restored: readonly Restore[];
  /** Users who could not get their licence back, by why: no seat, a conflict. Others went on. */
  readonly refused: CountsByName;
  readonly notRestored: readonly Restore[];
  /** Why it ended early; `null` when it did not. */
  readonly halt: string | null;
}

/** `there`: nothing had to be written, because the user has it or is gone. */
export type RestoreOutcome = AssignOutcome | { readonly kind: "there" };

/** Keeps what a rollback did user by user, right whenever it ends. */
export class RestoreAccount {
  readonly #restored = new Set<Guid>();
  readonly #refused = new Map<Guid, GraphFailure>();
  /** SKUs of `#refused` that were refused, where others of the user were put back. */
  readonly #partly = new Map<Guid, ReadonlySet<Guid>>();
  readonly #open = new Map<Guid, GraphFailure>();
  readonly #streak = new RefusalStreak();

  /**
   * @param wanted what the plan puts back
   * @param missing what of it each user lacked when the rollback first looked
   */
  constructor(
    private readonly wanted: ReadonlyMap<Guid, readonly License[]>,
    private readonly missing: ReadonlyMap<Guid, readonly License[]>,
  ) {}

  /** @returns why the rollback is to halt; `null`: it goes on */
  note(outcomes: ReadonlyMap<Guid, RestoreOutcome>): string | null {
    let halt: string | null = null;
    let isHeard = outcomes.size === 0;
    for (const [userId, outcome] of outcomes) {
      const failure = failureIn(outcome);
      this.#open.delete(userId);
      if (failure === null) {
        if (outcome.kind === "done") this.#streak.success();
        this.#restored.add(userId);
        isHeard = true;
      } else if (isAboutUser(failure)) {
        this.#refused.set(userId, failure);
        if (outcome.kind === "partly") {
          this.#partly.set(userId, outcome.refused);
          this.#streak.success();
        } else if (isDoubtful(failure)) halt ??= this.#streak.failed(userId, failure);
        isHeard = true;
      } else {
        this.#open.set(userId, failure);
        if (passing(failure) === null) halt ??= describeFailure(failure);
      }
    }
    return halt ?? (isHeard ? null : this.unanswered());
  }

  /** Users without a clear answer. */
  open(): readonly Guid[] {
    return [...this.#open.keys()];
  }

  /** Something else than another write to the same user keeps one of them from an answer. */
  waitsForGraph(): boolean {
    return [...this.#open.values()].some(({ kind }) => kind !== "conflict");
  }

  unanswered(): string | null {
    const [first] = this.#open.values();
    return first === undefined
      ? null
      : `${counted(this.#open.size, "user")} without an answer: ${describeFailure(first)}`;
  }

  result(halt: string | null): RestoreResult {
    const ofNobody = this.#streak.isOfAll ? this.#streak.users : new Set<Guid>();
    const refused = [...this.#refused].filter(([userId]) => !ofNobody.has(userId));
    return {
      restored: [
        ...this.#licensesOf([...this.#restored]),
        ...this.#licensesOf([...this.#partly.keys()]).filter((each) => !this.#isRefused(each)),
      ],
      notRestored: this.#licensesOf(refused.map(([userId]) => userId)).filter((each) => this.#isRefused(each)),
      refused: countByName(refused.map(([, failure]) => whyNotPutBack(failure))),
      halt,
    };
  }

  #isRefused({ userId, license }: Restore): boolean {
    return this.#partly.get(userId)?.has(license.skuId) ?? true;
  }

  #licensesOf(userIds: readonly Guid[]): readonly Restore[] {
    return userIds.flatMap((userId) =>
      (this.missing.get(userId) ?? this.wanted.get(userId) ?? []).map((license) => ({ userId, license })),
    );
  }
}

/** Entra said no to this user, or showed something that is no user: the others go on. */
function isAboutUser(failure: GraphFailure): boolean {
  return (
    failure.kind === "licenseRule" ||
    failure.kind === "notFound" ||
    failure.kind === "forbidden" ||
    (failure.kind === "unexpected" && failure.status < 500)
  );
}
