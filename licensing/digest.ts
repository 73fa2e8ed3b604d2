import { createHash } from "node:crypto";

/** Sixteen hexadecimal characters that stand for a set of lines, whatever their order. */
export function digestOf(lines: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const line of [...lines].sort()) hash.update(line).update("\n");
  return hash.digest("hex").slice(0, 16);
}
