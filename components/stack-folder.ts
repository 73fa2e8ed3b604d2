import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type * as yaml from "yaml";
import type { ReadText } from "../licensing/stack-file/users-file";

/** The folder of the stack file, set by `entra-licensing`. The engine tells the program nothing of `--config-file`. */
const VARIABLE = "LICENSING_STACK_FOLDER";

/** Reads files by their path relative to the stack file. */
export function besideStackFile(): ReadText {
  const from = process.cwd();
  return (file) => {
    const path = resolve(process.env[VARIABLE] || configFolder(from), file);
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  };
}

/** Where Pulumi looks for stack files: `stackConfigDir` of the project file, or beside it. */
function configFolder(from: string): string {
  const project = join(from, "Pulumi.yaml");
  if (!existsSync(project)) return dirname(from) === from ? from : configFolder(dirname(from));
  // Loaded here: most stack files name no file.
  const { parse } = require("yaml") as typeof yaml;
  const { stackConfigDir } = parse(readFileSync(project, "utf8")) as { readonly stackConfigDir?: string };
  return join(from, stackConfigDir ?? ".");
}
