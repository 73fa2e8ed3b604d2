import type { Emulator, Loss } from "../../emulator";
import type { Catalog } from "../../licensing/catalog/catalog";
import type { LostServices } from "./result";

/** All losses of services in the tenant's history, including short ones between two runs. */
export function lossesOf({ history }: Emulator, catalog: Catalog) {
  const describe = ({ userId, planIds, at, cause }: Loss): LostServices => ({
    userId,
    plans: planIds.map((id) => catalog.planName(id)).sort(),
    at: at.toISOString(),
    cause: cause.by === "people" ? cause.what : `${cause.what}, by the migration`,
  });
  return {
    lost: history.losses({ except: "people" }).map(describe),
    lostByPeople: history.losses({ by: "people" }).map(describe),
  };
}
