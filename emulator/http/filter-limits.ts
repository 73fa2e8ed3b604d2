import { badRequest } from "../graph-error";
import type { Filter } from "./filter";

const longestValue = 120;
const mostValues = 15;

/**
 * Refuses what Graph's known issues name: without the advanced parameters, a value of `eq` longer than 120 characters, and more
 * than 15 values of `in`.
 */
export function refuseBeyondLimits(filter: Filter): void {
  if (filter.kind === "and" || filter.kind === "or") filter.parts.forEach(refuseBeyondLimits);
  const isLong =
    filter.kind === "compare" &&
    filter.operator === "eq" &&
    typeof filter.value === "string" &&
    filter.value.length > longestValue;
  const isMany = filter.kind === "in" && filter.values.length > mostValues;
  if (isLong || isMany) throw badRequest("Invalid filter clause", "Request_UnsupportedQuery");
}
