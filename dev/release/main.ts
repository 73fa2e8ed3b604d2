// npm run dev:release: what the workflow Release runs on main. Publishes the version of package.json if npm does not have it yet.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { repositoryOf } from "../../cli/pipeline/github";
import { publish } from "./publish";

const root = join(__dirname, "..", "..");

async function main(): Promise<void> {
  const repository = repositoryOf(process.env);
  if (repository === null) throw new Error("This runs in the workflow Release: see CONTRIBUTING.md.");
  const read = (file: string) => readFileSync(join(root, file), "utf8");
  const { name, version } = JSON.parse(read("package.json")) as { readonly name: string; readonly version: string };
  const release = { name, version, changelog: read("CHANGELOG.md"), commit: process.env["GITHUB_SHA"] ?? "" };
  const npm = async (words: readonly string[]) => {
    const { exitCode, all } = await execa("npm", words, { cwd: root, reject: false, all: true });
    return { code: exitCode ?? 1, said: all };
  };
  process.stdout.write(`${await publish(release, npm, repository)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
