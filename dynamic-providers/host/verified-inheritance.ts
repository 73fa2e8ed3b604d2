import { verifiedInheritance } from "../lifecycle/verified-inheritance";
import { hostedByEngine } from "./hosted-by-engine";

/** Loaded by the stub in the state: the path of this file and this name are a contract. */
export const provider = hostedByEngine(verifiedInheritance);
