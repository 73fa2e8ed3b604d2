import { DamagedRecord } from "./damaged-record";

/**
 * A state can be edited or cut by hand, so a row's fields are looked for before they are believed: a missing time or list would
 * otherwise count as none.
 *
 * @param what the row, as the end of a sentence: `the licences of group finance`
 * @throws DamagedRecord that names the row and the missing fields
 */
export function requireFields<Row extends object>(
  what: string,
  row: Row,
  fields: readonly (keyof Row & string)[],
): void {
  const missing = fields.filter((field) => row[field] === undefined);
  if (missing.length > 0) throw new DamagedRecord(`the row of ${what} lacks ${missing.join(", ")}`);
}
