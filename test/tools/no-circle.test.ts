import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "mocha";
import ts from "typescript";

const projectRoot = join(__dirname, "..", "..");

/** The files of this project that a file imports, types included. The rule `import-x/no-cycle` leaves type imports out. */
function importsOf(file: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(projectRoot, file), "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => join(dirname(file), fileName))
    .flatMap((path) => [path, `${path}.ts`, join(path, "index.ts")].find(isFile) ?? []);
}

const isFile = (path: string): boolean => /\.[cm]?[jt]s$/.test(path) && existsSync(join(projectRoot, path));

/** The first circle that a walk from any file meets, as a path; empty: there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const circle = walk(next, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const circle = walk(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe("imports", () => {
  it("of the product form no circle, with those of types", () => {
    const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--deduplicate"], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    const files = listed.split("\n").filter((file) => isFile(file) && !file.startsWith("test/"));
    const circle = circleIn(new Map(files.map((file) => [file, importsOf(file)])));
    assert.equal(circle.join(" -> "), "");
  });

  it("a circle is found", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["b"]],
    ]);
    assert.equal(circleIn(graph).join(" -> "), "b -> c -> b");
  });
});
