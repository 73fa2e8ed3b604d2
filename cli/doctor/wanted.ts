import { OPERATIONS, type Operation, type OperationFacts, type Part } from "../../graph/tenant-graph";
import type { LicensedGroup } from "../../licensing/model";
import type { MadeGroups } from "./made-groups";

/** What a person asks `doctor` about; each includes what stands before it. `evidence`: all that there is. */
export const PURPOSES = ["preview", "up", "groups", "evidence"] as const;

export type Purpose = (typeof PURPOSES)[number];

/**
 * The parts that must be there. Without a word about it: what this stack file asks for.
 *
 * @param declared groups of the stack file: a preview can't do without the members of one whose membership is hidden
 */
export function wantedParts(
  purpose: Purpose | null,
  made: MadeGroups,
  declared: readonly LicensedGroup[] = [],
): ReadonlySet<Part> {
  const parts = partsOf(purpose, made);
  return declared.some(({ hasHiddenMembership }) => hasHiddenMembership === true)
    ? new Set<Part>([...parts, "hidden"])
    : parts;
}

function partsOf(purpose: Purpose | null, made: MadeGroups): ReadonlySet<Part> {
  switch (purpose) {
    case "preview":
      return new Set(["preview"]);
    case "up":
      return new Set(["preview", "up"]);
    case "groups":
      return new Set(["preview", "up", "groups"]);
    case "evidence":
      return new Set<Part>(["preview", "up", "evidence", ...(made.some === true ? ["groups" as const] : [])]);
    case null:
      return new Set<Part>(["preview", "up", ...(made.some === true ? ["groups" as const] : [])]);
  }
}

/** The operations to look at. Without a stack file all that there may be. */
export function operationsOf(wanted: ReadonlySet<Part>, made: MadeGroups): readonly Operation[] {
  return (Object.keys(OPERATIONS) as Operation[]).filter((operation) => {
    const { part, when }: OperationFacts = OPERATIONS[operation];
    // Much for an app to have: nobody is told to grant it who has not asked for it.
    if (part === "reprocess") return made.reprocess === true;
    if (part === "hidden") return wanted.has("hidden");
    if (part !== "groups") return true;
    if (made.some === false) return wanted.has("groups");
    return when === undefined || (when === "members" ? made.addMembers : made.nameOwners);
  });
}
