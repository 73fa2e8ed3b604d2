import type { Rule } from "./rule";
import { acceptedLosses } from "./rules/accepted-losses";
import { acceptedSuccessors } from "./rules/accepted-successors";
import { canaryFirst } from "./rules/canary-first";
import { groupNames } from "./rules/group-names";
import { moveLast } from "./rules/move-last";
import { removalsPerUpdate } from "./rules/removals-per-update";
import { soak } from "./rules/soak";
import { swapsInOneCall } from "./rules/swaps-in-one-call";

/** All rules, for one run of the engine: one of them counts. */
export function rules(): readonly Rule[] {
  return [
    canaryFirst,
    soak,
    removalsPerUpdate(),
    moveLast,
    groupNames,
    acceptedLosses,
    acceptedSuccessors,
    swapsInOneCall,
  ];
}
