import { Refusal } from "../refusal";

/** The state's record cannot be read. The users' earlier licences are unknown then, so nothing may be removed. */
export class DamagedRecord extends Refusal {
  /** @param what the damage, as the end of a sentence: `the baseline says 3 users and has 2` */
  constructor(what: string) {
    super(
      `The record in this stack's state is damaged: ${what}. Nothing was changed. What each user held directly has to be known before ` +
        "anything is removed: put a state in its place that is whole, from the backend's backup or an export (docs/lost-state.md), " +
        "and run pulumi preview.",
    );
  }
}
