import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

/** Lines of at most `width` columns; all but the first are indented like the text behind `first`. */
export function wrapped(text: string, width: number, first = "", rest = " ".repeat(stringWidth(first))): string[] {
  const room = Math.max(20, width - stringWidth(first));
  const lines = text.split("\n").flatMap((line) => wrapAnsi(line, room, { hard: true }).split("\n"));
  return lines.map((line, at) => `${at === 0 ? first : rest}${line}`.trimEnd());
}

/** Cuts a line that must not wrap. */
export function cutTo(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  for (const letter of text) {
    if (stringWidth(kept + letter) > width - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}

/** Pads to `width` columns, so that texts stand below each other. */
export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/** The width of the longest text, up to `most`. */
export function widest(texts: readonly string[], most: number): number {
  return Math.min(most, Math.max(0, ...texts.map((text) => stringWidth(text))));
}
