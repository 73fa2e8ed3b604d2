import type { Register } from "./command";
import { registerDemo } from "./demo";
import { registerDiscover } from "./discover";
import { registerDoctor } from "./doctor";
import { registerEmulator } from "./emulator";
import { registerInit } from "./init";
import { registerPipeline } from "./pipeline";
import { registerPlan } from "./plan";
import { registerRehearse } from "./rehearse";
import { registerTenants } from "./tenants";

/** In the order of `--help`: from a first look to many tenants. */
export const COMMANDS: readonly Register[] = [
  registerInit,
  registerDoctor,
  registerDiscover,
  registerPlan,
  registerRehearse,
  registerTenants,
  registerPipeline,
  registerDemo,
  registerEmulator,
];
