import { createHash } from "node:crypto";
import { Refusal } from "../../licensing/refusal";

type Bag = Readonly<Record<string, unknown>>;

/**
 * The input under which a resource hands its provider lists of ids, such as whom a wave is to look at. The engine keeps what `check` returns:
 * in the state until the next run, and in saved plans. So `check` returns a digest in their place, which stands for the same lists, and keeps
 * the lists themselves in this process, where the work is about to be done. What has to stay goes into the outputs.
 */
const LISTS = "__lists";

/** The lists that one provider process has been handed. It serves one preview or one update, and ends with it. */
export class ListsInPassing {
  readonly #byDigest = new Map<string, unknown>();

  /** Inputs as the program hands them over, without the lists. */
  keep(inputs: Bag): Bag {
    const lists = inputs[LISTS];
    if (typeof lists !== "object") return inputs;
    const digest = createHash("sha256").update(JSON.stringify(lists)).digest("hex");
    this.#byDigest.set(digest, lists);
    return { ...inputs, [LISTS]: digest };
  }

  /** Whether `restore` has all that these inputs stand for. */
  has(inputs: Bag): boolean {
    const digest = inputs[LISTS];
    return typeof digest !== "string" || this.#byDigest.has(digest);
  }

  /**
   * Inputs as `keep` returned them, with the lists again.
   *
   * @throws Refusal where another process was handed them: without them nobody knows whom a run is about
   */
  restore(inputs: Bag): Bag {
    const digest = inputs[LISTS];
    if (typeof digest !== "string") return inputs;
    const lists = this.#byDigest.get(digest);
    if (lists === undefined) {
      throw new Refusal(
        "The lists of users for this step were handed to a provider process that has ended meanwhile. Nothing was changed by it. " +
          "Run pulumi up again.",
      );
    }
    return { ...inputs, [LISTS]: lists };
  }
}
