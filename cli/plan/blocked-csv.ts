import { stringify } from "csv-stringify/sync";
import type { PlanDocument } from "../../licensing/plan-document/schema";

/** Excel reads a file as UTF-8 only if it begins with this mark. */
const BOM = "\ufeff";

/**
 * The direct assignments that stay, a line each, for a spreadsheet: user, SKU, wave, reason, remedy. With names in the document also
 * the display name and user principal name. No name of a user or a group is taken for a formula.
 */
export function blockedCsv({ blocked, names }: PlanDocument): string {
  const rows = blocked.assignments.map(({ userId, wave, reason }) => {
    const { sku = "", words = "", remedy = "" } = blocked.reasons[reason] ?? {};
    return [userId, ...(names === null ? [] : [names[userId] ?? ""]), sku, wave ?? "", words, remedy];
  });
  const columns = ["id", ...(names === null ? [] : ["name"]), "sku", "wave", "reason", "remedy"];
  return BOM + stringify([columns, ...rows], { escape_formulas: true, record_delimiter: "windows" });
}
