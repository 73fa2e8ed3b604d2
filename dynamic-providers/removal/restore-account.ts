import { describeFailure, type GraphFailure } from "../../graph/client/failure";
import type { Guid, License } from "../../licensing/model";
import type { Restore } from "../../licensing/plan/restore";
import { counted, countByName, type CountsByName } from "../../licensing/counts";
import { passing } from "../writing/passing";
import { isDoubtful, RefusalStreak } from "../writing/refusal-streak";
import { failureIn } from "../writing/until-clear";
import type { AssignOutcome } from "./assign-and-see";
import { whyNotPutBack } from "./not-put-back";

/** The result of a rollback. */
export interface RestoreResult {
  readonly restored: readonly Restore[];
  /** Number of users without their licence, by reason: no seat, a conflict. The rollback went on for others. */
  readonly refused: CountsByName;
  readonly notRestored: readonly RefusedRestore[];
  /** Of these, the users for whom Entra had no seat. */
  readonly withoutSeat: ReadonlySet<Guid>;
  /** Why it ended early; `null` if it did not. */
  readonly halt: string | null;
}

export interface RefusedRestore extends Restore {
  /** With the remedy. */
  readonly why: string;
}

/** `there`: no write was needed, because the user has the licence or no longer exists. */
export type RestoreOutcome = AssignOutcome | { readonly kind: "there" };

/** The results of a rollback, user by user, correct whenever it ends. */
export class RestoreAccount {
  readonly #restored = new Set<Guid>();
  readonly #refused = new Map<Guid, GraphFailure>();
  /** SKUs of `#refused` that were refused, where others of the user were put back. */
  readonly #partly = new Map<Guid, ReadonlySet<Guid>>();
  readonly #open = new Map<Guid, GraphFailure>();
  readonly #streak = new RefusalStreak();

  /**
   * @param wanted the licences that the plan puts back
   * @param missing those that each user lacked at the first read
   */
  constructor(
    private readonly wanted: ReadonlyMap<Guid, readonly License[]>,
    private readonly missing: ReadonlyMap<Guid, readonly License[]>,
  ) {}

  /** @returns the reason to halt; `null` to go on */
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

  /** True if an open user waits for more than another write to the same user. */
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
      notRestored: refused.flatMap(([userId, failure]) =>
        this.#licensesOf([userId])
          .filter((each) => this.#isRefused(each))
          .map((each) => ({ ...each, why: whyNotPutBack(failure) })),
      ),
      withoutSeat: new Set(refused.flatMap(([userId, failure]) => (lacksSeat(failure) ? [userId] : []))),
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

function lacksSeat(failure: GraphFailure): boolean {
  return failure.kind === "licenseRule" && failure.rule === "noSeat";
}

/** Entra refused this user, or its answer concerns this user alone: the rollback goes on. */
function isAboutUser(failure: GraphFailure): boolean {
  return (
    failure.kind === "licenseRule" ||
    failure.kind === "notFound" ||
    failure.kind === "forbidden" ||
    (failure.kind === "unexpected" && failure.status < 500)
  );
}
