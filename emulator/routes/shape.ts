import { notSupported } from "../graph-error";
import { type GraphResponse, ok } from "../http/message";
import type { Call } from "./route";

/** An entity's JSON: all known properties, and those returned without `$select`. */
export interface Shape<T> {
  readonly type: string;
  readonly defaults: readonly string[];
  readonly properties: Readonly<Record<string, (object: T) => unknown>>;
}

export type Json = Record<string, unknown>;

export function project<T>(shape: Shape<T>, object: T, select: readonly string[] | undefined): Json {
  const json: Json = {};
  for (const name of select ?? shape.defaults) {
    const property = shape.properties[name];
    if (!property) throw notSupported(`property '${name}' of ${shape.type} in $select`);
    json[name] = property(object);
  }
  return json;
}

/** An object that the app may list but not read: all properties except those in `shown` are null, and lists are empty. */
export function withheld(json: Json, shown: readonly string[] = ["id"]): Json {
  const hidden = (value: unknown) => (Array.isArray(value) ? [] : null);
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, shown.includes(name) ? value : hidden(value)]),
  );
}

export function checkSelect(select: readonly string[] | undefined, ...shapes: Shape<never>[]): void {
  for (const name of select ?? []) {
    if (!shapes.some((shape) => name in shape.properties))
      throw notSupported(`property '${name}' of ${shapes.map((shape) => shape.type).join(" and ")} in $select`);
  }
}

export function bodyOf(call: Call): Json {
  const { body } = call.request;
  if (typeof body !== "object" || body === null) throw notSupported("a request body that is no object");
  return body as Json;
}

/** The response with one object of an entity set. */
export function single<T>(call: Call, set: string, shape: Shape<T>, object: T): GraphResponse {
  return ok({
    "@odata.context": context(call, `${set}${selected(call)}/$entity`),
    ...project(shape, object, call.query.select),
  });
}

/** The response with one page of a list. `render` returns undefined for objects deleted meanwhile. */
export function collection(
  call: Call,
  set: string,
  list: () => readonly string[],
  render: (id: string) => Json | undefined,
): GraphResponse {
  const page = call.pages.page(call.path, call.query, list);
  const link = page.nextToken === undefined ? {} : { "@odata.nextLink": nextLink(call, page.nextToken) };
  const count = call.query.count ? { "@odata.count": page.total } : {};
  return ok({
    "@odata.context": context(call, `${set}${selected(call)}`),
    ...count,
    ...link,
    value: page.ids.flatMap((id) => render(id) ?? []),
  });
}

export function context(call: Call, fragment: string): string {
  return `${call.root}/$metadata#${fragment}`;
}

function selected({ query }: Call): string {
  return query.select ? `(${query.select.join(",")})` : "";
}

function nextLink(call: Call, token: string): string {
  const params = new URLSearchParams(call.query.text);
  params.set("$skiptoken", token);
  const text = [...params].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return `${call.root}${call.path}?${text}`;
}
