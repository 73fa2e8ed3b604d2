import Mocha from "mocha";
import { closingLines, type Tally } from "./tally";

/** Mocha's own spec reporter, which then hands its tally to `npm test`, or closes the run when started without it. */
export default class ClosingLineReporter extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const tally: Tally = { passed: passes, failed: failures, skipped: pending };
    if (process.send) process.send(tally);
    else Mocha.reporters.Base.consoleLog(closingLines(tally));
  }
}
