import { unpackPairs } from "../../licensing/record/compact-ids";
import { counted } from "../../licensing/counts";
import type { Receipts } from "../engine/receipts";
import type { RemovalInputs } from "../lifecycle/removal-inputs";

/**
 * Why this part of a wave may not begin: the state does not hold what its users have directly, so a removal could not be taken back.
 * `null` when it does: since before this run, or because the baseline's row was done in it.
 */
export function notOnRecord(inputs: RemovalInputs, receipts: Receipts): string | null {
  const { baseline, unrecorded } = inputs.__lists;
  if (receipts.hasBaseline(baseline.digest)) return null;
  const users = inputs.waits || inputs.mode === "restore" ? 0 : unpackPairs(unrecorded).size;
  // A row behind one that the state does not have makes a state that the engine itself cannot read again.
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
