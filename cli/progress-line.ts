/** Interval of progress lines in a log. */
const BETWEEN_LINES_MS = 5_000;

/** Progress on one line of a terminal, or as a few lines of a log. */
export function onlyNowAndThen(stream: NodeJS.WriteStream): {
  readonly show: (text: string) => void;
  readonly end: () => void;
} {
  let lastMs = 0;
  let shown: string | null = null;
  return {
    show: (text) => {
      if (stream.isTTY) {
        if (text !== shown) stream.write(`\r\u001b[K${text}`);
        shown = text;
      } else if (Date.now() - lastMs >= BETWEEN_LINES_MS) {
        stream.write(`${text}\n`);
        lastMs = Date.now();
      }
    },
    end: () => {
      // What is said next takes its place: a share of 93% would read as if the run had ended there.
      if (shown !== null) stream.write("\r\u001b[K");
      shown = null;
    },
  };
}
