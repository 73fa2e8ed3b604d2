import { runProgram } from "./program";
import { add, nothing, type Tally } from "./tally";

interface Check {
  readonly name: string;
  readonly file: string;
  readonly words: readonly string[];
  readonly remedy: string;
}

/** Goes with the dependencies, on whose versions the results depend. */
const CACHE = "node_modules/.cache/checks";

const incremental = (name: string) => ["--incremental", "--tsBuildInfoFile", `${CACHE}/${name}.tsbuildinfo`];

const checks: readonly Check[] = [
  {
    name: "format (prettier)",
    file: "prettier/bin/prettier.cjs",
    words: ["--check", "--cache", "--cache-location", `${CACHE}/prettier`, "."],
    remedy: "npm run dev:format",
  },
  {
    name: "lint (eslint, with the import arrows)",
    file: "eslint/bin/eslint.js",
    words: [
      "--max-warnings",
      "0",
      "--cache",
      "--cache-strategy",
      "content",
      "--cache-location",
      `${CACHE}/eslint`,
      ".",
    ],
    remedy: "npm run dev:lint",
  },
  {
    name: "types (tsc, strict)",
    file: "typescript/bin/tsc",
    words: incremental("tsc"),
    remedy: "npm run dev:typecheck",
  },
  {
    name: "types of what runs in a browser",
    file: "typescript/bin/tsc",
    words: ["-p", "cli/render/page/browser", ...incremental("tsc-browser")],
    remedy: "npm run dev:typecheck",
  },
];

/** Format, lint and types side by side, each counted as one test; what a failed one said is printed under its name. */
export async function runChecks(print: (line: string) => void): Promise<Tally> {
  print("\n  checks");
  const tallies = await Promise.all(checks.map((check) => runCheck(check, print)));
  return tallies.reduce(add, nothing);
}

async function runCheck({ name, file, words, remedy }: Check, print: (line: string) => void): Promise<Tally> {
  const startMs = Date.now();
  const { code, output } = await runProgram({ file, words, isShown: false });
  const took = `(${((Date.now() - startMs) / 1000).toFixed(1)} s)`;
  if (code === 0) {
    print(`    ✔ ${name} ${took}`);
    return { ...nothing, passed: 1 };
  }
  print(`    ✘ ${name} ${took}: \`${remedy}\`\n${output.trimEnd().replace(/^/gm, "        ")}`);
  return { ...nothing, failed: 1, failures: [name] };
}
