import { guidFrom } from "../../emulator";
import type { Kind } from "./overlaps";
import type { CopiedUser } from "./schema";

/** Makes users for the counted unlicensed users that match rules. They will need a seat; nothing else about them matters. */
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
