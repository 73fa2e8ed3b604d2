import { total } from "../licensing/counts";
import type { RemovalRow } from "./rows";

/** In this update or, once nothing holds it, in a later one: a stack file is judged before its waves may run. */
export function removesSomething({ mode, remove }: RemovalRow): boolean {
  return mode === "remove" && total(remove) > 0;
}
