import { createHash } from "node:crypto";
import { Refusal } from "../../licensing/refusal";

type Bag = Readonly<Record<string, unknown>>;

/**
 * The input with a resource's lists of ids, such as the users of a wave. The engine keeps the result of `check` in the
 * state and in saved plans, so `check` replaces the lists by a digest and keeps them in this process. Outputs hold what
 * must stay.
 */
const LISTS = "__lists";

/** The lists of one provider process, which serves one preview or one update. */
export class ListsInPassing {
  readonly #byDigest = new Map<string, unknown>();

  /** Replaces the lists in the program's inputs by their digest. */
  keep(inputs: Bag): Bag {
    const lists = inputs[LISTS];
    if (typeof lists !== "object") return inputs;
    const digest = createHash("sha256").update(JSON.stringify(lists)).digest("hex");
    this.#byDigest.set(digest, lists);
    return { ...inputs, [LISTS]: digest };
  }

  /** True if `restore` can restore these inputs. */
  has(inputs: Bag): boolean {
    const digest = inputs[LISTS];
    return typeof digest !== "string" || this.#byDigest.has(digest);
  }

  /**
   * Restores the lists in inputs from `keep`.
   *
   * @throws {Refusal} if another process received them, since the users of the run are then unknown
   */
  restore(inputs: Bag): Bag {
    const digest = inputs[LISTS];
    if (typeof digest !== "string") return inputs;
    const lists = this.#byDigest.get(digest);
    // check: without its lists of users a step does nothing
    if (lists === undefined) {
      throw new Refusal(
        "The lists of users for this step were handed to a provider process that has ended meanwhile. Nothing was changed by it. " +
          "Run pulumi up again.",
      );
    }
    return { ...inputs, [LISTS]: lists };
  }
}
