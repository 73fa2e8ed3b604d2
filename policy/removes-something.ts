import { total } from "../licensing/counts";
import type { MoveRow, RemovalRow, Row } from "./rows";

/** True for a row that takes something from users: direct assignments, or memberships of a licensing group. */
export function isOfWave(row: Row): row is RemovalRow | MoveRow {
  return row.kind === "removal" || row.kind === "move";
}

/** Direct assignments that the row removes, and members that it moves. */
export function takenBy(row: RemovalRow | MoveRow): number {
  return row.kind === "move" ? row.users : total(row.remove);
}

/** In this update or, once nothing holds it, in a later one: a stack file is judged before its waves may run. */
export function removesSomething(row: RemovalRow | MoveRow): boolean {
  return row.mode === "remove" && takenBy(row) > 0;
}
