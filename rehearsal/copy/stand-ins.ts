import { guidFrom } from "../../emulator";
import type { Kind } from "./overlaps";
import type { CopiedUser } from "./schema";

/** People without a licence whom rules take: they need a seat, and all else that there is to know of them is that they hold nothing. */
export function standIns(kinds: readonly Kind[]): CopiedUser[] {
  return kinds.flatMap(({ properties, count }, kind) =>
    Array.from({ length: count }, (_, index) => ({
      id: guidFrom(`without a licence, and taken by rules: ${kind} ${index}`),
      accountEnabled: null,
      usageLocation: null,
      assignments: [],
      unknownSource: [],
      properties,
    })),
  );
}
