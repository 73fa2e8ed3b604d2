import { existsSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { counted, formatCounts, thousands } from "../../licensing/counts";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { heedingCtrlC, type CtrlC } from "../ctrl-c";
import { projectRoot } from "../engine/project-root";
import { stackEnvironment, stackWords } from "../engine/selected-stack";
import { typed } from "../render/command-line";
import { EXIT } from "../exit-codes";
import { engineErrors } from "../plan/engine-errors";
import { wrapped } from "../render/terminal/lines";
import { nextStep } from "../render/terminal/next-step";
import { planText } from "../render/terminal/plan-text";
import { progressText } from "../render/terminal/progress-text";
import { followEngine, type Diagnostic, type RunningEngine } from "./engine-events";
import { LiveRunFile } from "./live-run";
import { look, type RunOptions } from "./look";
import { BEGINNING, RunProgress } from "./run-progress";
import { openScreen, type Screen } from "./screen";

export interface UpOptions extends RunOptions {
  readonly yes: boolean;
}

/** What `up --json` prints. */
interface UpResult {
  readonly result: "applied" | "nothing-to-do" | "refused" | "declined" | "failed" | "stopped";
  readonly plan: PlanDocument;
  readonly waves: Readonly<Record<string, unknown>>;
  readonly errors: readonly string[];
  readonly next: string;
}

export const CTRL_C_WORDS =
  "Ctrl-C ends the run after the users in hand, within about 15 seconds. Moved users stay moved, all others keep their direct licences, and the next up goes on.";

/**
 * Previews, asks, and applies. Shows the waves as they go on.
 *
 * @param applying called once the engine is about to write
 * @returns the exit code
 */
export async function up(
  options: UpOptions,
  others: readonly string[],
  applying: () => void = () => undefined,
): Promise<number> {
  let engine: RunningEngine | null = null;
  const begun = (running: RunningEngine): void => {
    engine = running;
  };
  // A run that writes comes to its end, whether or not it is still watched.
  let isApplying = false;
  const screen = openScreen(options.json, () => {
    if (!isApplying) engine?.interrupt();
  });
  return heedingCtrlC(async (ctrlC) => {
    const removeListener = ctrlC.onPress(() => engine?.interrupt());
    const { document, changes, protections } = await look(options, others, screen, begun);
    removeListener();
    const done = (result: UpResult["result"], code: number, more: Partial<UpResult> = {}): number => {
      const next =
        more.next ?? nextStep(document, result === "applied" || result === "nothing-to-do" ? "applied" : "previewed");
      const whole: UpResult = { result, plan: document, waves: {}, errors: [], ...more, next };
      if (options.json) process.stdout.write(`${JSON.stringify(whole)}\n`);
      else screen.say(["", ...wrapped(next, screen.width)].join("\n"));
      return code;
    };
    screen.say(planText(document, screen.width));
    const again = `Next: ${typed(`up --stack ${options.stack}`)}`;
    if (ctrlC.isPressed)
      return done("stopped", EXIT.stopped, { next: `Stopped before anything was applied.\n${again}` });
    if (document.verdict.word === "stops") return done("refused", EXIT.failed);
    if (!changes) return done("nothing-to-do", EXIT.done);
    if (protections > 0) screen.say(["", ...wrapped(protectionWords(protections), screen.width)].join("\n"));
    if (!options.yes && !(await agreed(screen))) {
      return done("declined", options.json || !process.stdin.isTTY ? EXIT.usage : EXIT.done, {
        next: `Nothing was applied.\n${again}`,
      });
    }
    isApplying = true;
    applying();
    const end = await apply(options, others, document, screen, ctrlC, begun);
    const waves = Object.fromEntries(end.progress.done);
    for (const line of doneLines(end.progress, screen.width)) screen.say(line);
    if (end.code === 0) return done("applied", EXIT.done, { waves });
    // A stop that was asked for is no error to read.
    const errors = end.isStopped ? end.errors.filter((error) => !error.includes("was asked to stop")) : end.errors;
    for (const error of errors) screen.say(wrapped(error, screen.width, "x ", "  ").join("\n"));
    const { progress } = end.progress.state;
    const where =
      progress === null
        ? ""
        : ` after ${thousands(progress.done)} of ${counted(progress.all, "user")} of ${end.progress.state.phase}`;
    const kept = "Moved users stay moved, and all others keep their direct licences.";
    return end.isStopped
      ? done("stopped", EXIT.stopped, {
          waves,
          errors: end.errors,
          next: `Stopped${where}. ${kept} The next up goes on:\n${again}`,
        })
      : done("failed", EXIT.failed, {
          waves,
          errors: end.errors,
          next: `Not done${where}. ${kept} When the cause is mended:\n${again}`,
        });
  });
}

function protectionWords(rows: number): string {
  return `In the state, it changes whether ${counted(rows, "row is", "rows are")} protected from pulumi destroy.`;
}

interface Applied {
  readonly code: number | null;
  readonly errors: readonly string[];
  readonly isStopped: boolean;
  readonly progress: RunProgress;
}

async function apply(
  options: UpOptions,
  others: readonly string[],
  document: PlanDocument,
  screen: Screen,
  ctrlC: CtrlC,
  begun: (engine: RunningEngine) => void,
): Promise<Applied> {
  const file = new LiveRunFile(options.stack);
  const progress = new RunProgress(document);
  let presses = 0;
  if (!options.json) screen.say(`\n${wrapped(CTRL_C_WORDS, screen.width).join("\n")}\n`);
  const show = (): void => {
    file.update(progress.state);
    if (progress.state.phase === BEGINNING) return;
    const prefix = presses > 0 ? "Stopping after the users in hand. " : "";
    screen.show(prefix + progressText(progress.state, screen.width - 1 - prefix.length));
  };
  const environment = { ...stackEnvironment(options), LICENSING_RUN_STOP_FILE: file.stopFile };
  const words = ["up", "--yes", "--skip-preview", ...stackWords(options), ...others];
  const engine = followEngine(words, projectRoot, environment, (event) => {
    progress.take(event);
    const line = permanent(event.diagnosticEvent, document.names);
    if (line !== null) screen.say(wrapped(line, screen.width, "  ").join("\n"));
    show();
  });
  begun(engine);
  const removeListener = ctrlC.onPress(() => {
    presses += 1;
    file.stop();
    engine.interrupt();
    screen.say(wrapped(presses === 1 ? STOPPING : PRESSED_AGAIN, screen.width).join("\n"));
  });
  try {
    const { code, said, rules } = await engine.ended;
    screen.settle();
    const isStopped = code !== 0 && (presses > 0 || existsSync(file.stopFile));
    const broken = rules.filter(({ isMandatory }) => isMandatory).map(({ about, message }) => `${about}: ${message}`);
    return { code, errors: [...broken, ...engineErrors(said)], isStopped, progress };
  } finally {
    removeListener();
    file.end();
  }
}

const PRESSED_AGAIN = "Pressed again: the engine ends at once. The next up goes on from what is in the tenant.";

const STOPPING = "Stopping: the users in hand are finished first. Press Ctrl-C again only if that takes minutes.";

/** What a row says for good. The program's own remarks were in the preview. */
function permanent(told: Diagnostic | undefined, names: PlanDocument["names"]): string | null {
  if (told === undefined || told.ephemeral === true || !["info", "warning"].includes(told.severity)) return null;
  if (told.urn?.includes("pulumi-nodejs:dynamic/licensing:") !== true) return null;
  const text = told.message.trim();
  if (text === "") return null;
  const named = Object.entries(names ?? {}).reduce((line, [id, name]) => line.replaceAll(id, `${id} (${name})`), text);
  return told.severity === "warning" ? `! ${named}` : named;
}

function doneLines({ done }: RunProgress, width: number): readonly string[] {
  const rows = [...done].filter(
    ([, { removed, blocked, movedByGroup }]) => Object.keys(removed).length + blocked + movedByGroup > 0,
  );
  if (rows.length === 0) return [];
  return [
    "",
    "Done in this run",
    ...rows.flatMap(([wave, { removed, blocked, stays, movedByGroup }]) => [
      ...wrapped(
        [
          `${wave}: removed ${formatCounts(removed) || "nothing"}`,
          ...(movedByGroup === 0 ? [] : [`moved ${counted(movedByGroup, "user")} from group to group`]),
          `${counted(blocked, "user")} blocked`,
        ].join("; "),
        width,
        "  ",
        "    ",
      ),
      ...Object.entries(stays).flatMap(([reason, count]) =>
        wrapped(`${thousands(count)} stay: ${reason}`, width, "    - ", "      "),
      ),
    ]),
  ];
}

async function agreed(screen: Screen): Promise<boolean> {
  if (!process.stdin.isTTY) {
    screen.say("There is no terminal to ask at: add --yes to apply this.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question("\nApply this? [y/N] ");
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
