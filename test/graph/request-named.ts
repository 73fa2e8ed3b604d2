import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { REQUESTS, type RequestName } from "../../graph/diagnostics/requests";

const templates = (Object.keys(REQUESTS) as RequestName[]).map((name) => {
  const [method = "", path = ""] = name.split(" ");
  return { name, method, segments: path.split("/") };
});

/** The name of a request in the table of permissions; `null`: it is not there. The URL without its version. */
export function requestNamed(method: string, url: string): RequestName | null {
  const [path = ""] = url.split("?");
  const segments = path.replace(/^\/(\w+)\('([^']*)'\)/, "/$1/$2").split("/");
  const found = templates.find(
    (template) =>
      template.method === method &&
      template.segments.length === segments.length &&
      template.segments.every((part, at) => part === segments[at] || (part === "{id}" && segments[at] !== "")),
  );
  return found?.name ?? null;
}

/** Fails where something was asked for that the table of permissions does not name. */
export function assertAllNamed({ requests }: Emulator): void {
  const unnamed = requests
    .all()
    .filter(({ method, path }) => path !== "/$batch" && requestNamed(method, path) === null)
    .map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual([...new Set(unnamed)], [], "add these requests to graph/diagnostics/requests.ts");
}
