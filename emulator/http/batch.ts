import { createHash } from "node:crypto";
import { badRequest, GraphError, notSupported } from "../graph-error";
import type { Caller } from "../signin/tokens";
import { type GraphRequest, type GraphResponse, ok } from "./message";

interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

const maxItems = 20;
const knownKeys = ["id", "method", "url", "headers", "body", "dependsOn"];

/** Runs `$batch`: each item has its own outcome, and responses come in no particular order. */
export async function runBatch(
  body: unknown,
  caller: Caller,
  version: string,
  host: string,
  run: (request: GraphRequest) => Promise<GraphResponse>,
): Promise<GraphResponse> {
  const items = parseItems(body, host);
  const responses = new Map<string, GraphResponse>();
  for (const item of inOrder(items)) {
    const failed = item.dependsOn.some((id) => (responses.get(id)?.status ?? 0) >= 400);
    responses.set(
      item.id,
      failed
        ? {
            status: 424,
            headers: {},
            body: { error: { code: "FailedDependency", message: "A request it depends on has failed." } },
          }
        : await run({
            method: item.method,
            url: absolute(item.url, version),
            headers: item.headers,
            body: item.body,
            batchItem: { id: item.id, waits: item.dependsOn.length > 0, caller },
          }),
    );
  }
  const answers = [...responses].map(([id, response]) => ({ id, ...itemAnswer(response) }));
  return ok({ responses: shuffled(answers) });
}

function itemAnswer({ status, headers, body }: GraphResponse): object {
  if (body === undefined) return { status, headers };
  return { status, headers: { "Content-Type": "application/json", ...capitals(headers) }, body };
}

/** Capitalises header names (`Retry-After`), as Graph does inside batches. */
function capitals(headers: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.entries(headers).map(
    ([name, value]) =>
      [name.startsWith("x-") ? name : name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()), value] as const,
  );
  return Object.fromEntries(names);
}

function parseItems(body: unknown, host: string): Item[] {
  const requests = (body as { requests?: unknown } | null)?.requests;
  if (!Array.isArray(requests)) throw badRequest("Invalid batch payload format.", "BadRequest");
  const [other] = Object.keys(body as object).filter((key) => key !== "requests");
  if (other !== undefined) throw notSupported(`body property '${other}'`);
  if (requests.length > maxItems)
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${maxItems}.`, "MaximumValueExceeded");
  const items = requests.map((item) => parseItem(item, host));
  const ids = items.map((item) => item.id);
  if (new Set(ids).size < ids.length) throw badRequest("Request Id has to be unique in a batch.", "BadRequest");
  for (const item of items) {
    if (item.dependsOn.some((id) => !ids.includes(id)))
      throw badRequest(`Request ${item.id} depends on a request that is not in the batch.`, "BadRequest");
  }
  return items;
}

function parseItem(value: unknown, host: string): Item {
  const item = (value ?? {}) as Record<string, unknown>;
  const other = Object.keys(item).find((key) => !knownKeys.includes(key) && !isEmptyMisspelling(key, item[key]));
  if (other) throw notSupported(`batch item property '${other}'`);
  const { id, method, url, body, dependsOn = [] } = item;
  if (typeof id !== "string" || typeof method !== "string" || typeof url !== "string")
    throw badRequest("Each request in a batch needs id, method and url.", "BadRequest");
  const headers = Object.fromEntries(
    Object.entries((item["headers"] ?? {}) as Record<string, string>).map(([name, text]) => [name.toLowerCase(), text]),
  );
  const isWrite = !["GET", "DELETE"].includes(method.toUpperCase());
  if ((isWrite || body !== undefined) && (body === undefined || !headers["content-type"]))
    throw badRequest(`Write request id : ${id} does not contain Content-Type header or body.`, "BadRequest");
  if (!Array.isArray(dependsOn)) throw notSupported("dependsOn that is no array");
  return {
    id,
    method: method.toUpperCase(),
    url: relative(id, url, host),
    headers,
    body,
    dependsOn: dependsOn.map(String),
  };
}

/** Microsoft's Python SDK sends an empty `depends_on`, which Graph does not know. It has no effect, so accept it. */
function isEmptyMisspelling(key: string, value: unknown): boolean {
  return key === "depends_on" && Array.isArray(value) && value.length === 0;
}

/** Sorts items so that each follows the items on which it depends. */
function inOrder(items: readonly Item[]): Item[] {
  const done = new Set<string>();
  const ordered: Item[] = [];
  while (ordered.length < items.length) {
    const ready = items.filter((item) => !done.has(item.id) && item.dependsOn.every((id) => done.has(id)));
    if (ready.length === 0) throw new GraphError(400, "BadRequest", "The requests of the batch depend on each other.");
    for (const item of ready) {
      done.add(item.id);
      ordered.push(item);
    }
  }
  return ordered;
}

/** Graph's documentation requires relative URLs, but Microsoft's Python SDK sends absolute ones (msgraph-sdk-python-core issue 1116). */
function relative(id: string, url: string, host: string): string {
  if (!/^https?:/i.test(url)) return url;
  if (!url.startsWith(`${host}/`))
    throw badRequest(`Invalid URL in batch request ${id}: it must be relative, or of this host.`, "BadRequest");
  return url.slice(host.length);
}

/** `users/1`, `/users/1` and `/v1.0/users/1` are equivalent. */
function absolute(url: string, version: string): string {
  const path = url.startsWith("/") ? url : `/${url}`;
  return /^\/(v1\.0|beta)\//.test(path) ? path : `/${version}${path}`;
}

/** Shuffles in a fixed way, so that a client that relies on the order fails every time. */
function shuffled<T extends { readonly id: string }>(answers: readonly T[]): T[] {
  const keyed = answers.map((answer) => ({ answer, key: disorder(answer.id) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ answer }) => answer);
}

function disorder(id: string): string {
  return createHash("sha256").update(`batch ${id}`).digest("hex");
}
