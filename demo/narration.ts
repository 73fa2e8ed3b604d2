import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";

let out: NodeJS.WriteStream = process.stdout;

/** With `--json` the story is told on standard error: standard output has the result alone. */
export function narrateOn(stream: NodeJS.WriteStream): void {
  out = stream;
}

/** True where the engine may show its own display, in colour and in place. */
export function isLive(): boolean {
  return out === process.stdout && out.isTTY;
}

export function print(text = ""): void {
  out.write(`${text}\n`);
}

/** Prose: broken between words where a terminal is narrower. */
export function paragraph(text: string): void {
  const { columns, isTTY } = out;
  print(isTTY ? wrapAnsi(text, columns) : text);
}

export function bold(text: string): string {
  return out.isTTY ? styleText("bold", text) : text;
}
