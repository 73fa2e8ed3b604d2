// Run in a process of its own, with the numbers of safety checks as words: takes each check out, runs the tests that must
// notice, and prints a line of JSON with what became of them. One process does several: to load the client libraries takes
// longer than most of the tests.
import { readFileSync } from "node:fs";
import Module from "node:module";
import { join, resolve, sep } from "node:path";
import Mocha from "mocha";
import ts from "typescript";
import { CHECKS, CONTROLS, type SafetyCheck } from "./checks";

const ROOT = resolve(__dirname, "..", "..");
const LIBRARIES = `${sep}node_modules${sep}`;

/** What became of the tests without a check. */
export interface Noticed {
  readonly name: string;
  /** The first test that failed; `null`: all of them passed. */
  readonly by: string | null;
}

type Loader = (module: NodeJS.Module & { _compile(code: string, file: string): void }, file: string) => void;

const loaders = (Module as unknown as { readonly _extensions: Record<string, Loader> })._extensions;

/** From now on the file is loaded with other text in the place of the check. Nothing is written to disk. */
function takeOut({ file, source, without }: SafetyCheck): () => void {
  const path = join(ROOT, file);
  const usual = loaders[".ts"];
  if (usual === undefined) throw new Error("nothing loads TypeScript here");
  loaders[".ts"] = (module, loaded) => {
    if (loaded !== path) {
      usual(module, loaded);
      return;
    }
    const text = readFileSync(path, "utf8").replace(source, () => without);
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
    module._compile(ts.transpileModule(text, { compilerOptions: options }).outputText, loaded);
  };
  return () => {
    loaders[".ts"] = usual;
  };
}

/** The project's modules are loaded anew; the libraries stay. */
function forgetProject(): void {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(ROOT) && !file.includes(LIBRARIES)) Reflect.deleteProperty(require.cache, file);
  }
}

async function runWithout(check: SafetyCheck): Promise<Noticed> {
  forgetProject();
  const putBack = takeOut(check);
  try {
    // The base of all reporters says nothing by itself.
    const mocha = new Mocha({ bail: true, reporter: Mocha.reporters.Base, timeout: 30_000 });
    for (const file of check.noticedBy) mocha.addFile(join(ROOT, "test", file));
    return await new Promise((done) => {
      let by: string | null = null;
      mocha
        .run(() => {
          done({ name: check.name, by });
        })
        .on("fail", (test) => (by ??= test.fullTitle()));
    });
  } finally {
    putBack();
  }
}

async function main(numbers: readonly string[]): Promise<void> {
  for (const number of numbers) {
    const check = [...CHECKS, ...CONTROLS][Number(number)];
    if (check === undefined) throw new Error(`there is no check ${number}`);
    process.stdout.write(`${JSON.stringify(await runWithout(check))}\n`);
  }
}

void main(process.argv.slice(2));
