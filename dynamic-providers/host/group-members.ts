import { groupMembers } from "../lifecycle/group-members";
import { hostedByEngine } from "./hosted-by-engine";

/** Loaded by the stub in the state: the path of this file and this name are a contract. */
export const provider = hostedByEngine(groupMembers);
