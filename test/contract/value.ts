import { elementOf, ENUMS, isKnownType, propertyOf, type Property } from "./facts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const PRIMITIVES: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: (value) => typeof value === "string",
  Boolean: (value) => typeof value === "boolean",
  Int32: (value) => Number.isInteger(value),
  Guid: (value) => typeof value === "string" && GUID.test(value),
  DateTimeOffset: (value) => typeof value === "string" && TIME.test(value),
};

/** What is wrong with a value, with where it stands; nothing if it is as the metadata says. */
export function faultsOf(value: unknown, property: Property, at: string, isBeta: boolean): readonly string[] {
  if (value === null) return property.nullable === false ? [`${at} is null`] : [];
  const element = elementOf(property.type);
  if (element !== null) {
    if (!Array.isArray(value)) return [`${at} is no list`];
    return value.flatMap((each) => faultsOf(each, { type: element, nullable: false }, at, isBeta));
  }
  const isRight = PRIMITIVES[property.type];
  if (isRight !== undefined) {
    if (!isRight(value)) return [`${at} is no ${property.type}: ${JSON.stringify(value)}`];
    return property.values?.some((text) => text === value) === false ? [`${at} is ${JSON.stringify(value)}`] : [];
  }
  const names = ENUMS[property.type];
  if (names !== undefined) return names.some((name) => name === value) ? [] : [`${at} is ${JSON.stringify(value)}`];
  if (!isKnownType(property.type)) return [`${at}: the contract does not tell what a ${property.type} is`];
  return objectFaults(value, property.type, at, isBeta);
}

/** Every property of an object is one of its type. */
export function objectFaults(value: unknown, type: string, at: string, isBeta: boolean): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${at} is no object`];
  return Object.entries(value).flatMap(([name, each]) => {
    if (name.startsWith("@odata.")) return [];
    const property = propertyOf(type, name, isBeta);
    return property === undefined
      ? [`${at}.${name}: a ${type} has no such property`]
      : faultsOf(each, property, `${at}.${name}`, isBeta);
  });
}
