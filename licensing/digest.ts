import { hash } from "node:crypto";

/** Sixteen hexadecimal characters that stand for a set of lines, whatever their order. */
export function digestOf(lines: Iterable<string>): string {
  const sorted = [...lines].sort();
  return hash("sha256", sorted.map((line) => `${line}\n`).join(""), "hex").slice(0, 16);
}
