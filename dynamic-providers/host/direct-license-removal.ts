import { directLicenseRemoval } from "../lifecycle/direct-license-removal";
import { engineHost } from "./engine-host";
import { hosted } from "./hosted";

/** Loaded by the stub in the state: the path of this file and this name are a contract. */
export const provider = hosted(directLicenseRemoval, () => engineHost(process.argv[2] ?? ""));
