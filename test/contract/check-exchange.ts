import type { Exchange } from "../../emulator";
import { isKnownType, navigationOf, propertyOf } from "./facts";
import { resourceAt, type Resource } from "./resource";
import { faultsOf, objectFaults } from "./value";

type Json = Readonly<Record<string, unknown>>;

/** A reference to a directory object may be any of these, and `$select` may name the properties of each. */
const OF_DIRECTORY_OBJECTS = ["directoryObject", "user", "group", "servicePrincipal", "organization"];

const NOT_OF_THE_DIRECTORY = /^\/(\$batch$|metadata\/)/;

/** What a request and its answer have that Graph's metadata does not. */
export function contractFaults(exchange: Exchange): readonly string[] {
  const { method, url, status, answer } = exchange;
  const { pathname, searchParams } = new URL(url, "https://graph");
  const [, version = "", ...rest] = decodeURIComponent(pathname).split("/");
  const path = `/${rest.join("/")}`;
  if (NOT_OF_THE_DIRECTORY.test(path)) return [];
  // What is refused need not be right, but must be refused in Graph's form.
  if (status >= 400) return errorFaults(answer);
  const resource = resourceAt(path);
  if (resource === null) return [`${method} ${path}: the contract does not lead there`];
  const isBeta = version === "beta";
  return [
    ...queryFaults(resource, searchParams, isBeta),
    ...bodyFaults(resource, exchange, isBeta),
    ...answerFaults(resource, answer, searchParams.get("$select"), isBeta),
  ].map((fault) => `${method} ${path}: ${fault}`);
}

function queryFaults(resource: Resource, query: URLSearchParams, isBeta: boolean): readonly string[] {
  if (resource.kind !== "list" && resource.kind !== "one") return [];
  const types = resource.type === "directoryObject" ? OF_DIRECTORY_OBJECTS : [resource.type];
  const isProperty = (name: string) => types.some((type) => propertyOf(type, name, isBeta) !== undefined);
  const selected = (query.get("$select") ?? "").split(",").filter((name) => name !== "");
  const expanded = (query.get("$expand") ?? "").replace(/\([^)]*\)/g, "").split(",");
  return [
    ...selected.filter((name) => !isProperty(name)).map((name) => `$select=${name}`),
    ...pathsIn(query.get("$filter") ?? "")
      .filter((each) => !leadsSomewhere(types, each, isBeta))
      .map((each) => `$filter by ${each}`),
    ...pathsIn((query.get("$orderby") ?? "").replace(/ (asc|desc)\b/g, ""))
      .filter((name) => !isProperty(name))
      .map((name) => `$orderby=${name}`),
    ...expanded
      .filter((name) => name !== "" && types.every((type) => navigationOf(type, name) === undefined))
      .map((name) => `$expand=${name}`),
  ];
}

const WORDS = /^(eq|ne|ge|le|gt|lt|in|and|or|not|any|all|startswith|endswith|contains|true|false|null)$/;

/** The properties in a filter, those inside `any` with what they belong to: `assignedLicenses/skuId`. */
function pathsIn(filter: string): readonly string[] {
  const bare = filter
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\d{4}-\d\d-\d\dT\S+/gi, "");
  const whole = bare.replace(
    /([\w/]+)\/any\((\w+):\s*\2(\/\w+)?/g,
    (_, list: string, _variable, inner?: string) => ` ${list}${inner ?? ""} (`,
  );
  return (whole.match(/[A-Za-z$][\w$/]*/g) ?? []).filter((word) => !WORDS.test(word));
}

function leadsSomewhere(types: readonly string[], path: string, isBeta: boolean): boolean {
  const [first = "", second] = path.split("/");
  return types.some((type) => {
    const property = propertyOf(type, first, isBeta);
    if (property === undefined || second === undefined) return property !== undefined;
    const inner = property.type.replace(/^Collection\((.*)\)$/, "$1");
    return second === "$count" || propertyOf(inner, second, isBeta) !== undefined;
  });
}

function bodyFaults(resource: Resource, { method, body }: Exchange, isBeta: boolean): readonly string[] {
  if (method === "GET" || method === "DELETE" || body === undefined) return [];
  const said = Object.entries(body as Json);
  if (resource.kind === "action") {
    const { parameters } = resource.action;
    return said.flatMap(([name, value]) => {
      const type = parameters[name];
      return type === undefined
        ? [`body.${name}: no such parameter`]
        : faultsOf(value, { type, nullable: false }, `body.${name}`, isBeta);
    });
  }
  if (resource.kind === "reference")
    return said.filter(([name]) => name !== "@odata.id").map(([name]) => `body.${name}`);
  if (resource.kind === "count") return ["a count takes no body"];
  const { type } = resource;
  return said.flatMap(([name, value]) => {
    const [navigation = "", bind] = name.split("@");
    if (bind === "odata.bind") return navigationOf(type, navigation) === undefined ? [`body.${name}`] : [];
    return name.startsWith("@odata.") ? [] : objectFaults({ [name]: value }, type, "body", isBeta);
  });
}

function answerFaults(resource: Resource, answer: unknown, select: string | null, isBeta: boolean): readonly string[] {
  if (answer === undefined) return [];
  switch (resource.kind) {
    case "reference":
      return ["a reference is answered with a body"];
    case "count":
      return typeof answer === "string" && /^\d+$/.test(answer) ? [] : ["a count is no number"];
    case "action": {
      const { returns } = resource.action;
      const { value } = answer as Json;
      return returns.startsWith("Collection(")
        ? faultsOf(value, { type: returns }, "answer", isBeta)
        : entityFaults(answer, returns, null, isBeta);
    }
    case "one":
      return entityFaults(answer, resource.type, select, isBeta);
    case "list": {
      const { value, ...rest } = answer as Json;
      // What is made in a list comes back alone.
      if (value === undefined) return entityFaults(rest, resource.type, select, isBeta);
      const others = Object.keys(rest).filter((name) => !name.startsWith("@odata."));
      if (!Array.isArray(value)) return ["a list has no value"];
      return [
        ...others.map((name) => `a list has ${name}`),
        ...value.flatMap((each) => entityFaults(each, resource.type, select, isBeta)),
      ];
    }
  }
}

function entityFaults(value: unknown, declared: string, select: string | null, isBeta: boolean): readonly string[] {
  if (typeof value !== "object" || value === null) return ["an object is none"];
  const json = value as Json;
  const said = json["@odata.type"];
  const type = typeof said === "string" ? said.replace("#microsoft.graph.", "") : declared;
  if (!isKnownType(type)) return [`a ${type} is no type of the contract`];
  const shown = Object.entries(json).filter(
    ([name]) => !name.startsWith("@odata.") && navigationOf(type, name) === undefined,
  );
  // Of what an app may not read, everything but the id is null, and lists are empty.
  const isNothing = (each: unknown) => each === null || (Array.isArray(each) && each.length === 0);
  const isWithheld =
    shown.some(([, each]) => each === null) &&
    shown.every(([name, each]) => isNothing(each) || ["id", "displayName", "verifiedDomains"].includes(name));
  const asked = select?.split(",") ?? null;
  return [
    ...(isWithheld
      ? shown
          .filter(([name]) => propertyOf(type, name, isBeta) === undefined)
          .map(([name]) => `a ${type} has no ${name}`)
      : objectFaults(Object.fromEntries(shown), type, type, isBeta)),
    ...shown.flatMap(([name]) => {
      const property = propertyOf(type, name, isBeta);
      if (property?.filterOnly === true) return [`${name} is never returned`];
      if (asked !== null) return asked.includes(name) || name === "id" ? [] : [`${name} was not selected`];
      return property?.select === true ? [`${name} comes with $select alone`] : [];
    }),
  ];
}

function errorFaults(answer: unknown): readonly string[] {
  const { error } = (answer ?? {}) as { error?: { code?: unknown; message?: unknown } };
  return typeof error?.code === "string" && typeof error.message === "string"
    ? []
    : ["an error without code or message"];
}
