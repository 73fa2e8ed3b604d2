import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../licensing/refusal";
import { EXIT } from "../exit-codes";
import { writeOwnFile } from "../plan/own-file";
import { progressText } from "../render/terminal/progress-text";
import { wrapped } from "../render/terminal/lines";
import { projectRoot } from "../engine/project-root";
import { typed } from "../render/command-line";
import { liveRun } from "./live-run";
import { openScreen } from "./screen";

export interface StopOptions {
  readonly stack: string;
  readonly json: boolean;
}

const LOOKED_EVERY_MS = 500;

/**
 * Asks the run of a stack on this machine to end after the users in hand, and waits until it has.
 *
 * @returns the exit code
 */
export async function stop({ stack, json }: StopOptions): Promise<number> {
  const screen = openScreen(json, () => undefined);
  const first = liveRun(stack);
  if (first === null) {
    throw new Refusal(
      wrapped(
        `No run of ${stack} is going on that \`entra-licensing up\` started on this machine. A run that pulumi itself started in ${projectRoot} ends after the users in ` +
          "hand when there is a file .stop in that folder; remove the file afterwards.",
        screen.width,
      ).join("\n"),
    );
  }
  writeOwnFile(first.stopFile, "");
  screen.say(
    wrapped("Stopping: the users in hand are finished first, which takes about 15 seconds.", screen.width).join("\n"),
  );
  let last = first.state;
  for (let run = liveRun(stack); run?.pid === first.pid; run = liveRun(stack)) {
    last = run.state;
    screen.show(progressText(run.state, screen.width - 1));
    await sleep(LOOKED_EVERY_MS);
  }
  screen.settle();
  if (json) process.stdout.write(`${JSON.stringify({ stack, stopped: true, ...last })}\n`);
  else {
    const words = `Stopped at ${progressText(last, screen.width)}. Moved users stay moved, and all others keep their direct licences. The next up goes on:\nNext: ${typed(`up --stack ${stack}`)}`;
    screen.say(wrapped(words, screen.width).join("\n"));
  }
  return EXIT.done;
}
