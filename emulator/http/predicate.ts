import { badRequest, notSupported } from "../graph-error";
import type { Filter, Literal, Operator } from "./filter";

/** The filters that a property supports. Other filters are refused, even if the list is empty. */
export type Field<T> =
  | {
      readonly get: (object: T) => Literal;
      readonly operators: readonly (Operator | "in" | "startsWith")[];
      /** True if `get` gives milliseconds; the filter itself uses ISO times. */
      readonly isTime?: true;
    }
  | { readonly any: Readonly<Record<string, (object: T) => readonly Literal[]>> };

type Fields<T> = Readonly<Record<string, Field<T>>>;

export function compile<T>(filter: Filter, fields: Fields<T>, what: string): (object: T) => boolean {
  switch (filter.kind) {
    case "and": {
      const parts = filter.parts.map((part) => compile(part, fields, what));
      return (object) => parts.every((part) => part(object));
    }
    case "or": {
      const parts = filter.parts.map((part) => compile(part, fields, what));
      return (object) => parts.some((part) => part(object));
    }
    case "any": {
      const field = fields[filter.collection];
      const values = field && "any" in field ? field.any[filter.property] : undefined;
      if (!values) throw notSupported(`$filter of ${what} by any of '${filter.collection}/${filter.property}'`);
      return (object) => values(object).some((value) => compare("eq", value, filter.value));
    }
    case "compare": {
      const { get, isTime } = scalar(filter.property, filter.operator, fields, what);
      const wanted = isTime ? time(filter.value) : filter.value;
      return (object) => compare(filter.operator, get(object), wanted);
    }
    case "in": {
      const { get } = scalar(filter.property, "in", fields, what);
      return (object) => filter.values.some((wanted) => compare("eq", get(object), wanted));
    }
    case "startsWith": {
      const { get } = scalar(filter.property, "startsWith", fields, what);
      const start = filter.value.toLowerCase();
      return (object) =>
        String(get(object) ?? "")
          .toLowerCase()
          .startsWith(start);
    }
  }
}

function scalar<T>(property: string, operator: Operator | "in" | "startsWith", fields: Fields<T>, what: string) {
  const field = fields[property];
  if (!field || !("get" in field)) throw notSupported(`$filter of ${what} by '${property}'`);
  if (!field.operators.includes(operator)) throw notSupported(`$filter of ${what} by '${property}' with '${operator}'`);
  return field;
}

function compare(operator: Operator, left: Literal, right: Literal): boolean {
  const [a, b] = [fold(left), fold(right)];
  if (operator === "eq") return a === b;
  if (operator === "ne") return a !== b;
  if (a === null || b === null) return false;
  if (operator === "ge") return a >= b;
  if (operator === "le") return a <= b;
  return operator === "gt" ? a > b : a < b;
}

/** Entra compares strings without case. */
const fold = (value: Literal): Literal => (typeof value === "string" ? value.toLowerCase() : value);

function time(value: Literal): number {
  const ms = Date.parse(String(value));
  if (Number.isNaN(ms)) throw badRequest("Invalid filter clause");
  return ms;
}
