import { counted, formatCounts, thousands } from "../../licensing/counts";
import { formatMoment } from "../../licensing/moment-words";
import { EXIT } from "../exit-codes";
import { padded, widest, wrapped } from "../render/terminal/lines";
import { progressText } from "../render/terminal/progress-text";
import { engineAnswer } from "./engine-answer";
import { liveRun, type LiveRun } from "./live-run";
import { openScreen } from "./screen";
import { usersOnRecord, wavesIn, type ExportedState, type WaveStatus } from "./state";

export interface StatusOptions {
  readonly stack: string;
  readonly json: boolean;
}

/**
 * Shows where the waves of a stack stand, by its state, and a run that is going on. Reads the state alone, which a run does not
 * lock for readers; it writes each part of about 1,000 users when it begins and when it ends.
 *
 * @returns the exit code
 */
export async function status({ stack, json }: StatusOptions): Promise<number> {
  const screen = openScreen(json, () => undefined);
  const state = JSON.parse(await engineAnswer(["stack", "export", "--stack", stack])) as ExportedState;
  const run = liveRun(stack);
  const waves = wavesIn(state);
  if (json) {
    const about = run === null ? null : { pid: run.pid, startedAt: run.startedAt, at: run.at, ...run.state };
    process.stdout.write(
      `${JSON.stringify({ stack, run: about, waves, savedAt: state.deployment?.manifest?.time ?? null })}\n`,
    );
    return EXIT.done;
  }
  const users = usersOnRecord(state);
  const onRecord = users === null ? "" : `, ${counted(users, "user")} on record`;
  screen.say(`${stack}${onRecord}`);
  screen.say(runLines(run, waves, screen.width).join("\n"));
  if (waves.length > 0) screen.say(["", "Waves, in order", ...waveLines(waves, run, screen.width)].join("\n"));
  return EXIT.done;
}

/** What is known of a run: one of this machine, or a part that the state has as begun. */
export function runLines(run: LiveRun | null, waves: readonly WaveStatus[], width: number): readonly string[] {
  if (run !== null) {
    return [
      ...wrapped(
        `A run is going on, since ${formatMoment(run.startedAt)} (process ${run.pid} of this machine).`,
        width,
      ),
      progressText(run.state, width),
    ];
  }
  const inHand = waves.find(({ partInHand }) => partInHand !== null);
  if (inHand === undefined) return wrapped("No run is going on that this state knows of.", width);
  const begun = formatCounts(inHand.begun);
  return [
    ...wrapped(
      `${inHand.name}: a run has begun part ${inHand.partInHand ?? ""} and not ended it. It is going on at another machine or by pulumi itself, or was killed; then the next up goes on.`,
      width,
    ),
    ...wrapped(
      `The numbers below are those of the state, which has what a part did when the part has ended.${
        begun === "" ? "" : ` This one was about to remove ${begun}: how many of them are gone, only the tenant knows.`
      } The next up reads the tenant first, and records what is gone.`,
      width,
    ),
  ];
}

function waveLines(waves: readonly WaveStatus[], run: LiveRun | null, width: number): readonly string[] {
  const column = widest(
    waves.map(({ name }) => name),
    24,
  );
  return waves.flatMap((wave) => {
    const isInHand = run?.state.phase === wave.name;
    const words = [
      isInHand || wave.state === "running"
        ? `running${wave.partInHand === null ? "" : `, part ${wave.partInHand}`}`
        : WORDS[wave.state],
      ...(wave.doneAt === null ? [] : [formatMoment(wave.doneAt)]),
    ].join(" ");
    const parts = [
      words,
      ...(wave.moved > 0 ? [`${counted(wave.moved, "user")} moved`] : []),
      ...(wave.groupMoves.moved > 0 ? [`${counted(wave.groupMoves.moved, "user")} in the new group`] : []),
      ...(wave.groupMoves.pending > 0 ? [`${thousands(wave.groupMoves.pending)} still to go there`] : []),
      ...(wave.blocked > 0 ? [`${thousands(wave.blocked)} blocked`] : []),
      ...(Object.keys(wave.pending).length > 0 ? [`still to remove: ${formatCounts(wave.pending)}`] : []),
    ];
    return [
      ...wrapped(parts.join("; "), width, `  ${padded(wave.name, column)}  `),
      ...Object.entries(wave.stays).flatMap(([reason, count]) =>
        wrapped(`${thousands(count)} stay: ${reason}`, width, `${" ".repeat(column + 4)}- `),
      ),
    ];
  });
}

const WORDS: Readonly<Record<WaveStatus["state"], string>> = {
  done: "done",
  running: "running",
  waits: "waits",
  "not-done": "not done",
  "rolled-back": "rolled back",
};
