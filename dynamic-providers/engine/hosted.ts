import { GraphError } from "../../graph/client/failure";
import { DamagedRecord } from "../../licensing/record/damaged-record";
import { Refusal } from "../../licensing/refusal";
import type { Lifecycle } from "./lifecycle";
import type { Host } from "./host";
import { ListsInPassing } from "./lists-in-passing";
import { behindNothing, type RowBefore } from "./rows-before";
import { whileInHand } from "./work-in-hand";

/** The methods that the Pulumi engine calls on a dynamic provider. */
export interface HostedProvider {
  check(olds: Bag, news: Bag): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Bag, news: Bag): Promise<{ changes: boolean }>;
  create(inputs: Bag): Promise<{ id: string; outs: Bag }>;
  update(id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }>;
  delete(id: string, outs: Bag): Promise<void>;
}

export type Bag = Record<string, unknown>;

/** Marks the inputs of a preview. Not kept, so that preview and run have the same inputs. */
const PREVIEW = "__preview";

/** The rows on which a resource depends. Not kept either: the engine keeps them itself. */
const BEHIND = "__behind";

/** Number of reasons shown; the engine prints all that it receives. */
const SHOWN_REASONS = 10;

/**
 * Adapts a lifecycle to the methods of a dynamic provider.
 *
 * @param host the surroundings of a row, by its inputs or outputs
 */
export function toPulumiProvider<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  host: (row: Bag) => Host,
): HostedProvider {
  const lists = new ListsInPassing();

  function hasChanges(inputs: Inputs, outputs: Outputs): boolean {
    try {
      return lifecycle.hasChanges(inputs, outputs);
    } catch (error) {
      // A pure comparison with a row of the state, which can be edited by hand.
      if (error instanceof TypeError)
        throw new DamagedRecord(`the row ${lifecycle.idOf(inputs)} lacks a part of its record (${error.message})`);
      throw error;
    }
  }

  async function converge(checked: Bag, olds: Bag | null): Promise<{ id: string; outs: Bag }> {
    const inputs = lists.restore(checked);
    const id = lifecycle.idOf(inputs as Inputs);
    const { outputs, unfinished } = await lifecycle.converge(inputs as Inputs, olds as Outputs | null, host(inputs));
    const outs = asState(outputs, inputs, unfinished.length === 0);
    if (unfinished.length > 0) throw new Unfinished(id, outs, unfinished);
    return { id, outs };
  }
  return {
    check(_olds, { [PREVIEW]: isPreview, [BEHIND]: before = [], ...news }) {
      const refused =
        isPreview === true
          ? lifecycle.refusal(news as Inputs, null)
          : (lifecycle.refusal(news as Inputs, host(news).receipts) ?? behindNothing(before as RowBefore[]));
      // No property name: the engine would print its raw value before the reason.
      const failures = refused === null ? [] : [{ property: "", reason: refused }];
      return Promise.resolve({ inputs: lists.keep(news), failures });
    },
    diff: (_id, olds, news) =>
      carryOut(() => {
        // A partial result always remains a change, whether or not the engine recorded the error.
        // check: a partial result stays to be done
        if (olds["complete"] !== true) return Promise.resolve({ changes: true });
        // A refresh calls this without a check, for inputs in the state: they are as the last run left them.
        if (!lists.has(news)) return Promise.resolve({ changes: false });
        return Promise.resolve({ changes: hasChanges(lists.restore(news) as Inputs, olds as Outputs) });
      }),
    create: (inputs) => carryOut(() => converge(inputs, null)),
    async update(_id, olds, news) {
      const { outs } = await carryOut(() => converge(news, olds));
      return { outs };
    },
    delete: (_id, outs) => carryOut(() => lifecycle.release(outs as Outputs, host(outs))),
  };
}

/** The engine prints stack traces; errors meant for an administrator have none. */
async function carryOut<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await whileInHand(work);
  } catch (error) {
    if (error instanceof Refusal || error instanceof GraphError || error instanceof Unfinished)
      error.stack = error.message;
    throw error;
  }
}

/** The engine needs `__provider` in every state, and hangs on a value that is not JSON. */
function asState(outputs: object, inputs: Bag, complete: boolean): Bag {
  return JSON.parse(JSON.stringify({ ...outputs, complete, __provider: inputs["__provider"] })) as Bag;
}

/** The engine's partial failure: the state keeps `properties`, dependents do not run, and the next `up` goes on. */
class Unfinished extends Error {
  readonly reasons: readonly string[];

  constructor(
    readonly id: string,
    readonly properties: Bag,
    unfinished: readonly string[],
  ) {
    super(unfinished.join("\n"));
    const more = unfinished.length - SHOWN_REASONS;
    this.reasons = more > 0 ? [...unfinished.slice(0, SHOWN_REASONS), `and ${more} more`] : unfinished;
  }
}
