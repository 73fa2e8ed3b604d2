import { styleText } from "node:util";

export function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

export function bold(text: string): string {
  return process.stdout.isTTY ? styleText("bold", text) : text;
}

export function thousands(value: number): string {
  return value.toLocaleString("en-US");
}
