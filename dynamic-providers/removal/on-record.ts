import { unpackPairs } from "../../licensing/record/compact-ids";
import { counted } from "../../licensing/counts";
import type { Receipts } from "../engine/receipts";
import type { RemovalInputs } from "./removal-inputs";

/**
 * The reason why this part may not begin: the state lacks direct licences of its users, so a removal could not be
 * undone. `null` if the baseline has them, from before or from this run.
 */
export function notOnRecord(inputs: RemovalInputs, receipts: Receipts): string | null {
  const { baseline, unrecorded } = inputs.__lists;
  if (receipts.hasBaseline(baseline.digest)) return null;
  const users = inputs.waits || inputs.mode === "restore" ? 0 : unpackPairs(unrecorded).size;
  // A row that depends on one missing from the state makes a state that the engine cannot read.
  if (users === 0 && baseline.isThere) return null;
  const missing =
    users === 0
      ? "the state has no baseline"
      : `${counted(users, "user has a direct licence that is", "users have direct licences that are")} not in the baseline that the state holds`;
  return (
    `wave ${inputs.wave} (${inputs.slice}) was not begun: ${missing}, and this run leaves the baseline out (--target or --exclude). ` +
    "Nothing was removed: what is not on record could not be put back. Run pulumi up without these flags."
  );
}
