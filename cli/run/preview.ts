import { nextStep } from "../render/terminal/next-step";
import { wrapped } from "../render/terminal/lines";
import { planText } from "../render/terminal/plan-text";
import { heedingCtrlC } from "../ctrl-c";
import { EXIT } from "../exit-codes";
import type { RunningEngine } from "./engine-events";
import { EXPECT_NO_CHANGES, look, type RunOptions } from "./look";
import { openScreen } from "./screen";

export interface PreviewOptions extends RunOptions {
  readonly expectNoChanges: boolean;
}

/**
 * Shows what the next `up` would do. Changes nothing.
 *
 * @returns the exit code
 */
export async function preview(options: PreviewOptions, others: readonly string[]): Promise<number> {
  let engine: RunningEngine | null = null;
  let isClosed = false;
  const words = [...others, ...(options.expectNoChanges ? [EXPECT_NO_CHANGES] : [])];
  const screen = openScreen(options.json, () => {
    isClosed = true;
    engine?.interrupt();
  });
  return heedingCtrlC(async (ctrlC) => {
    ctrlC.onPress(() => engine?.interrupt());
    const { document, code } = await look(options, words, screen, (running) => {
      engine = running;
    });
    if (isClosed) return EXIT.done;
    if (ctrlC.isPressed) {
      screen.say("Stopped. A preview changes nothing.");
      return EXIT.stopped;
    }
    if (options.json) process.stdout.write(`${JSON.stringify(document)}\n`);
    else
      screen.say(
        [planText(document, screen.width), "", ...wrapped(nextStep(document, "previewed"), screen.width)].join("\n"),
      );
    if (code === 0) return EXIT.done;
    return options.expectNoChanges && document.verdict.word !== "stops" ? EXIT.changes : EXIT.failed;
  });
}
