import type { Catalog } from "../../licensing/catalog/catalog";
import type { StackFile } from "../../licensing/stack-file/stack-file";
import type { Stage } from "../migration/stage";
import type { MiddleOfWave } from "./at-a-removal";

/** The rehearsal in which troubles are set up. */
export interface Scene {
  readonly stage: Stage;
  readonly stackFile: StackFile;
  readonly catalog: Catalog;
}

/** A mishap that was requested for the rehearsal. */
export interface Trouble {
  /** The command-line option, such as `--leave 3`. */
  readonly option: string;
  beforeGroups?(): void;
  /** Sets the trouble off at this moment. */
  inTheMiddleOf?(moment: MiddleOfWave): void;
  /** What the trouble changed and its effect. */
  report(): string;
}
