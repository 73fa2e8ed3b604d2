import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";

export function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Prose: broken between words where a terminal is narrower. */
export function paragraph(text: string): void {
  const { columns, isTTY } = process.stdout;
  print(isTTY ? wrapAnsi(text, columns) : text);
}

export function bold(text: string): string {
  return process.stdout.isTTY ? styleText("bold", text) : text;
}
