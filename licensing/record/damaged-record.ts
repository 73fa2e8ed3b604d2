import { Refusal } from "../refusal";

/** What the state remembers cannot be read as it was written: then nobody knows what a user held, and nothing may be removed. */
export class DamagedRecord extends Refusal {
  /** @param what what is wrong with it, as the end of a sentence: `the baseline says 3 users and has 2` */
  constructor(what: string) {
    super(
      `The record in this stack's state is damaged: ${what}. Nothing was changed. What everybody held directly has to be known before ` +
        "anything is removed: put a state in its place that is whole, from the backend's backup or an export (docs/lost-state.md), " +
        "and run pulumi preview.",
    );
  }
}
