import type { Register } from "./command";
import { registerDemo } from "./demo";
import { registerDiscover } from "./discover";
import { registerDoctor } from "./doctor";
import { registerEmulator } from "./emulator";
import { registerInit } from "./init";
import { registerPipeline } from "./pipeline";
import { registerPlan } from "./plan";
import { registerPreview } from "./preview";
import { registerRehearse } from "./rehearse";
import { registerRollback } from "./rollback";
import { registerStatus } from "./status";
import { registerStop } from "./stop";
import { registerTenants } from "./tenants";
import { registerUp } from "./up";

/** In the order of `--help`: from a first look to many tenants. */
export const COMMANDS: readonly Register[] = [
  registerInit,
  registerDoctor,
  registerDiscover,
  registerPlan,
  registerPreview,
  registerUp,
  registerStatus,
  registerRehearse,
  registerRollback,
  registerStop,
  registerTenants,
  registerPipeline,
  registerDemo,
  registerEmulator,
];
