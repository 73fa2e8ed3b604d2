import Mocha from "mocha";
import { reasonSkipped } from "./skipped";
import { closingLines, type Tally } from "./tally";

/** What a run of mocha tells `npm test`. */
export interface RunReport {
  readonly tally: Tally;
  /** How long the tests and hooks of each file took. */
  readonly msByFile: Readonly<Record<string, number>>;
}

/** Mocha's own spec reporter, which then hands its report to `npm test`, or closes the run when started without it. */
export default class ClosingLineReporter extends Mocha.reporters.Spec {
  readonly #reasons = new Set<string>();
  readonly #msByFile: Record<string, number> = {};
  readonly #failures: string[] = [];

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.on("pending", (test) => {
      const reason = reasonSkipped(test.fullTitle());
      if (reason !== undefined) this.#reasons.add(reason);
    });
    runner.on("fail", (test, error: Error) => {
      this.#failures.push(`${test.fullTitle()}: ${error.message.split("\n", 1)[0] ?? ""}`);
    });
    const count = ({
      file,
      duration,
    }: {
      readonly file?: string | undefined;
      readonly duration?: number | undefined;
    }) => {
      if (file !== undefined) this.#msByFile[file] = (this.#msByFile[file] ?? 0) + (duration ?? 0);
    };
    runner.on("test end", count);
    runner.on("hook end", count);
  }

  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const tally: Tally = {
      passed: passes,
      failed: failures,
      failures: this.#failures,
      skipped: pending,
      reasons: [...this.#reasons],
    };
    const report: RunReport = { tally, msByFile: this.#msByFile };
    if (process.send) process.send(report);
    else Mocha.reporters.Base.consoleLog(closingLines(tally));
  }
}
