import { OPERATIONS, type Operation, type OperationFacts, type Part } from "../../graph/tenant-graph";
import type { LicensedGroup } from "../../licensing/model";
import type { MadeGroups } from "./made-groups";

/** Purposes that `doctor` can check for. Each includes the ones before it; `evidence` is the last and covers all. */
export const PURPOSES = ["preview", "up", "groups", "evidence"] as const;

export type Purpose = (typeof PURPOSES)[number];

/**
 * The parts that must be permitted. Without a purpose: everything that this stack file needs.
 *
 * @param declared the stack file's groups; a preview must be able to read hidden memberships of these
 */
export function wantedParts(
  purpose: Purpose | null,
  made: MadeGroups,
  declared: readonly LicensedGroup[] = [],
): ReadonlySet<Part> {
  const asked = partsOf(purpose, made);
  const parts = made.moves === true && asked.has("up") ? new Set<Part>([...asked, "moves"]) : asked;
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

/** The operations to check; without a stack file all possible ones. */
export function operationsOf(wanted: ReadonlySet<Part>, made: MadeGroups): readonly Operation[] {
  return (Object.keys(OPERATIONS) as Operation[]).filter((operation) => {
    const { part, when }: OperationFacts = OPERATIONS[operation];
    // A powerful permission: recommend it only if the stack file enables reprocessing.
    if (part === "reprocess") return made.reprocess === true;
    if (part === "moves") return made.moves === true;
    if (part === "hidden") return wanted.has("hidden");
    if (part !== "groups") return true;
    if (made.some === false) return wanted.has("groups");
    return when === undefined || (when === "members" ? made.addMembers : made.nameOwners);
  });
}
