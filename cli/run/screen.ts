import { onlyNowAndThen } from "../progress-line";

/** Where a command shows what it does: permanent lines, and one line that changes. */
export interface Screen {
  /** The columns of the terminal; 80 where there is none. */
  readonly width: number;
  readonly isTerminal: boolean;
  say(text: string): void;
  /** Replaces the line that changes; in a log, a line now and then. */
  show(text: string): void;
  /** Ends the line that changes. */
  settle(): void;
}

/**
 * @param json with JSON on standard output, everything else goes to standard error
 */
export function openScreen(json: boolean, onClosed: () => void): Screen {
  const out = json ? process.stderr : process.stdout;
  const progress = onlyNowAndThen(process.stderr);
  // `preview | head` has seen enough. main.ts keeps quiet about it.
  let isClosed = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => {
      if (isClosed) return;
      isClosed = true;
      onClosed();
    });
  }
  return {
    width: widthOf(out),
    isTerminal: process.stderr.isTTY,
    say: (text) => {
      progress.end();
      if (!isClosed) out.write(`${text}\n`);
    },
    show: (text) => {
      if (!isClosed) progress.show(text);
    },
    settle: progress.end,
  };
}

/** A terminal's own width, or what `COLUMNS` says where output is recorded. */
function widthOf(stream: NodeJS.WriteStream): number {
  const asked = Number(process.env["COLUMNS"]);
  return (stream.isTTY ? stream.columns : undefined) ?? (Number.isInteger(asked) && asked > 0 ? asked : 80);
}
