// Before `npm pack`: what the package brings, in dist/. JavaScript with source maps, and the types of what it exports.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { compileInto } from "./build.cjs";
import { runProgram } from "./test/program";

const root = join(__dirname, "..");

async function main(): Promise<void> {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  compileInto(join(root, "dist"));
  const args = ["-p", join(__dirname, "package.tsconfig.json")];
  const { code, output } = await runProgram({ file: "typescript/bin/tsc", words: args, isShown: false });
  process.stderr.write(output);
  process.exitCode = code ?? 1;
}

void main();
