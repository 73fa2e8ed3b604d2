import { groupMembers } from "../lifecycle/group-members";
import { toEngineProvider } from "./hosted-by-engine";

/** Loaded by the text in the state (`hosted-resource.ts`): the path of this file and this name are a contract. */
export const provider = toEngineProvider(groupMembers);
