// Run in a process of its own, with the names of safety checks as words: takes each check out, runs the tests that must
// notice, and prints a line of JSON with the outcome. One process does several: to load the client libraries takes
// longer than most of the tests.
import Module from "node:module";
import { join, resolve, sep } from "node:path";
import Mocha from "mocha";
import ts from "typescript";
import { anchorsInCode, textWithout } from "./anchors";
import { CHECKS, controlOf, type SafetyCheck } from "./checks";

const ROOT = resolve(__dirname, "..", "..");
const LIBRARIES = `${sep}node_modules${sep}`;

/** The outcome of the tests without a check. */
export interface Noticed {
  readonly name: string;
  /** The first test that failed; `null`: all of them passed. */
  readonly by: string | null;
}

type Loader = (module: NodeJS.Module & { _compile(code: string, file: string): void }, file: string) => void;

const loaders = (Module as unknown as { readonly _extensions: Record<string, Loader> })._extensions;

/** From now on the file is loaded with this text. Nothing is written to disk. */
function replaceText(file: string, text: string): () => void {
  const usual = loaders[".ts"];
  if (usual === undefined) throw new Error("nothing loads TypeScript here");
  loaders[".ts"] = (module, loaded) => {
    if (loaded !== file) {
      usual(module, loaded);
      return;
    }
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

const anchors = new Map(anchorsInCode().map((anchor) => [anchor.name, anchor]));

/** @param isControl loads the file as it is */
async function runWithout(check: SafetyCheck, isControl: boolean): Promise<Noticed> {
  forgetProject();
  const anchor = anchors.get(check.name);
  if (anchor === undefined) throw new Error(`no anchor in the code: ${check.name}`);
  const putBack = replaceText(anchor.file, isControl ? anchor.text : textWithout(check, anchor));
  try {
    // The base of all reporters says nothing by itself.
    const mocha = new Mocha({ bail: true, reporter: Mocha.reporters.Base, timeout: 30_000 });
    for (const file of check.noticedBy) mocha.addFile(join(ROOT, "test", file));
    return await new Promise((done) => {
      let by: string | null = null;
      mocha
        .run(() => {
          done({ name: isControl ? controlOf(check.name) : check.name, by });
        })
        .on("fail", (test) => (by ??= test.fullTitle()));
    });
  } finally {
    putBack();
  }
}

async function main(names: readonly string[]): Promise<void> {
  for (const each of names) {
    const check = CHECKS.find(({ name }) => name === each || controlOf(name) === each);
    if (check === undefined) throw new Error(`there is no check "${each}"`);
    process.stdout.write(`${JSON.stringify(await runWithout(check, check.name !== each))}\n`);
  }
}

void main(process.argv.slice(2));
