import { styleText } from "node:util";

export function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Prose: broken between words where a terminal is narrower. */
export function paragraph(text: string): void {
  print(wrapped(text, process.stdout.columns));
}

/** @param columns absent: not a terminal, and nothing is broken */
export function wrapped(text: string, columns: number | undefined): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && columns !== undefined && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

export function bold(text: string): string {
  return process.stdout.isTTY ? styleText("bold", text) : text;
}

export function thousands(value: number): string {
  return value.toLocaleString("en-US");
}
