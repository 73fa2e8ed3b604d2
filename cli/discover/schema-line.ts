import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { packageRoot } from "../engine/project-root";

const SCHEMA = join("docs", "stack-file.schema.json");
const INSTALLED = join("node_modules", "entra-group-licensing", SCHEMA);

/**
 * The first line of a stack file: editors with the YAML language server complete and check the file by it.
 *
 * @param folder the folder of the stack file; the path in the line is relative to it, so that it holds on every machine
 */
export function schemaLine(folder: string): string {
  const from = resolve(folder);
  const schema = installedAbove(from) ?? join(packageRoot, SCHEMA);
  return `yaml-language-server: $schema=${relative(from, schema).split(sep).join("/")}`;
}

/** By its place in node_modules, which may be a link to a folder with a version in its name. */
function installedAbove(folder: string): string | null {
  const schema = join(folder, INSTALLED);
  if (existsSync(schema)) return schema;
  return dirname(folder) === folder ? null : installedAbove(dirname(folder));
}
