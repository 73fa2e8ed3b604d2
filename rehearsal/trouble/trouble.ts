import type { Catalog } from "../../licensing/catalog/catalog";
import type { StackFile } from "../../licensing/stack-file/stack-file";
import type { Stage } from "../migration/stage";

/** Where trouble strikes. */
export interface Scene {
  readonly stage: Stage;
  readonly stackFile: StackFile;
  readonly catalog: Catalog;
}

/** One thing that goes wrong in a rehearsal because somebody asked for it. */
export interface Trouble {
  /** As it is asked for: `--leave 3`. */
  readonly option: string;
  beforeGroups?(): void;
  /** Strikes in this wave, when so many removals have been sent. */
  inTheMiddleOf?(wave: string, afterRemovals: number): void;
  /** What was done, and what came of it. */
  report(): string;
}
