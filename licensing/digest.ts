import { hash } from "node:crypto";

/** A digest of a set of lines, independent of their order: 16 hexadecimal characters. */
export function digestOf(lines: Iterable<string>): string {
  const sorted = [...lines].sort();
  return hash("sha256", sorted.map((line) => `${line}\n`).join(""), "hex").slice(0, 16);
}
