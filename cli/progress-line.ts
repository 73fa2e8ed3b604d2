/** Interval of progress lines in a log. */
const BETWEEN_LINES_MS = 5_000;

/** Progress on one line of a terminal, or as a few lines of a log. */
export function onlyNowAndThen(stream: NodeJS.WriteStream): {
  readonly show: (text: string) => void;
  readonly end: () => void;
} {
  let lastMs = 0;
  let isOpen = false;
  return {
    show: (text) => {
      if (stream.isTTY) {
        stream.write(`\r\u001b[K${text}`);
        isOpen = true;
      } else if (Date.now() - lastMs >= BETWEEN_LINES_MS) {
        stream.write(`${text}\n`);
        lastMs = Date.now();
      }
    },
    end: () => {
      if (isOpen) stream.write("\n");
      isOpen = false;
    },
  };
}
