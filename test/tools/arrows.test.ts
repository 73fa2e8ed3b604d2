import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ESLint } from "eslint";
import { describe, it } from "mocha";

const projectRoot = join(__dirname, "..", "..");

/** Some file of a folder, as an import names it: the rule follows an import only to a file that exists. */
function some(folder: string): string {
  const file = readdirSync(join(projectRoot, folder)).find((name) => name.endsWith(".ts") && name !== "model.ts");
  return file === undefined ? "empty" : file.replace(/\.ts$/, "");
}

describe("the import arrows", function () {
  this.timeout(120_000);
  const eslint = new ESLint({
    cwd: projectRoot,
    // The rule alone: the typed ones need files on the disk, and are no matter of arrows.
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    ruleFilter: ({ ruleId }) => arrowRules.has(ruleId),
  });
  const arrowRules = new Set([
    "import-x/no-restricted-paths",
    "no-restricted-imports",
    "no-restricted-globals",
    "no-restricted-syntax",
  ]);

  const cases: { in: string; text: string; allowed: boolean }[] = [
    { in: "licensing/x.ts", text: 'import "./model";', allowed: true },
    { in: "licensing/x.ts", text: 'import { createHash } from "node:crypto";', allowed: true },
    { in: "licensing/x.ts", text: `import "../graph/${some("graph")}";`, allowed: false },
    { in: "licensing/x.ts", text: 'import "@pulumi/pulumi";', allowed: false },
    { in: "licensing/x.ts", text: 'import "@azure/identity";', allowed: false },
    { in: "licensing/x.ts", text: 'import "@microsoft/microsoft-graph-client";', allowed: false },
    { in: "licensing/x.ts", text: 'import "node:fs";', allowed: false },
    { in: "licensing/x.ts", text: 'import "fs";', allowed: false },
    { in: "licensing/x.ts", text: "Date.now();", allowed: false },
    { in: "licensing/x.ts", text: "new Date();", allowed: false },
    { in: "licensing/x.ts", text: 'new Date("2026-11-22");', allowed: true },
    { in: "licensing/x.ts", text: "Math.random();", allowed: false },
    { in: "licensing/loss/x.ts", text: 'import "../decision/replacement";', allowed: true },
    { in: "licensing/loss/x.ts", text: 'import "../plan/plan";', allowed: false },
    { in: "licensing/x.ts", text: 'import "./plan/plan";', allowed: false },
    { in: "graph/x.ts", text: 'import "../licensing/model";', allowed: true },
    { in: "graph/x.ts", text: `import "../licensing/${some("licensing")}";`, allowed: false },
    { in: "graph/x.ts", text: 'import "@pulumi/pulumi";', allowed: false },
    { in: "dynamic-providers/x.ts", text: `import "../graph/${some("graph")}";`, allowed: true },
    { in: "dynamic-providers/x.ts", text: `import "../components/${some("components")}";`, allowed: false },
    { in: "dynamic-providers/x.ts", text: 'import "@microsoft/microsoft-graph-client";', allowed: false },
    { in: "components/x.ts", text: `import "../emulator/${some("emulator")}";`, allowed: false },
    { in: "components/x.ts", text: 'import "node:https";', allowed: false },
    { in: "index.ts", text: 'import "./licensing/model";', allowed: true },
    { in: "index.ts", text: 'import "./cli/engine/locate";', allowed: false },
    { in: "index.ts", text: 'import "./test/tools/fake-machine";', allowed: false },
    { in: "emulator/x.ts", text: `import "./${some("emulator")}";`, allowed: true },
    { in: "emulator/x.ts", text: 'import "../licensing/model";', allowed: false },
    { in: "emulator/x.ts", text: 'import "../test/tools/fake-machine";', allowed: false },
    { in: "cli/x.ts", text: `import "../emulator/${some("emulator")}";`, allowed: false },
    { in: "cli/doctor/x.ts", text: 'import "../../demo/run";', allowed: false },
    { in: "cli/doctor/x.ts", text: 'import "../progress-line";', allowed: true },
    { in: "cli/commands/x.ts", text: 'import "../../demo/run";', allowed: true },
    { in: "cli/commands/x.ts", text: 'import "../../test/tools/fake-machine";', allowed: false },
    { in: "test/x.test.ts", text: `import "../emulator/${some("emulator")}";`, allowed: true },
  ];
  for (const { in: file, text, allowed } of cases) {
    it(`${allowed ? "let" : "stop"} ${text} in ${file}`, async () => {
      const [result] = await eslint.lintText(`${text}\n`, { filePath: join(projectRoot, file) });
      assert.equal(result?.fatalErrorCount, 0, JSON.stringify(result?.messages));
      assert.equal(result.errorCount > 0, !allowed, JSON.stringify(result.messages));
    });
  }
});

describe("the table of folders in CONTRIBUTING", () => {
  const rows = readFileSync(join(projectRoot, "CONTRIBUTING.md"), "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const named = (cell: string | undefined) => [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");

  it("says of each part what lint lets it import", async () => {
    const config = (await new ESLint({ cwd: projectRoot }).calculateConfigForFile(join(projectRoot, "index.ts"))) as {
      rules: Record<string, [number, { zones: { target: string | string[]; except?: string[] }[] }]>;
    };
    const zones = config.rules["import-x/no-restricted-paths"]?.[1].zones ?? [];
    assert.ok(zones.length > 10);
    for (const { target, except } of zones) {
      // A part without the parts inside it is a list of patterns.
      const part = typeof target === "string" ? target.replace("./", "") : (target[0]?.split("/")[1] ?? "");
      // The rooms inside a folder have a list of their own.
      if (except === undefined) continue;
      const others = except
        .map((path) => path.replace("./", ""))
        .filter((path) => path !== part && path !== "node_modules");
      const row = rows.find(([, first]) => named(first).includes(part) || named(first).includes(`${part}/`));
      assert.deepEqual(
        named(row?.[3])
          .map((name) => name.replace(/\/$/, ""))
          .sort(),
        others.sort(),
        `CONTRIBUTING, the row of ${part}`,
      );
    }
  });
});
