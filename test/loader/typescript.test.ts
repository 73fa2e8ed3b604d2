import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
} from "node:fs";
import { rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";

const projectRoot = join(__dirname, "..", "..");

/** What the loader itself requires. */
const ITS_PACKAGES = ["esbuild", "source-map-support"];

/** Says what the file exports, and whether the translator was loaded for it. */
const SAY = `
  const { said } = require(process.argv[1]);
  const loaded = Object.keys(require.cache).some((file) => /esbuild.lib/.test(file));
  console.log(said + (loaded ? ", translated" : ", read"));`;

describe("the loader of TypeScript", function () {
  this.timeout(120_000);
  let root: string;
  let kept: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "entra-group-licensing-loader-")));
    kept = join(root, "node_modules", ".cache", "entra-group-licensing", "typescript");
    mkdirSync(join(root, "loader"));
    for (const file of ["typescript.cjs", "own-folder.cjs"]) {
      copyFileSync(join(projectRoot, "loader", file), join(root, "loader", file));
    }
    mkdirSync(join(root, "node_modules"));
    for (const name of ITS_PACKAGES) {
      symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(root, "node_modules", name), "junction");
    }
    put("said.ts", 'const word: string = "one";\nexport const said = word;\n');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function put(file: string, text: string): void {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }

  /** A process that has the loader; what it wrote. */
  function run(program: string, file = "said.ts"): Promise<{ out: string; code: number | null }> {
    const words = ["--require", "./loader/typescript.cjs", "--eval", program, join(root, file)];
    const child = spawn(process.execPath, words, { cwd: root, env: { ...process.env, NODE_OPTIONS: "" } });
    let out = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (out += chunk.toString()));
    return new Promise((resolve) => {
      child.on("close", (code) => {
        resolve({ out: out.trim(), code });
      });
    });
  }

  const say = async (): Promise<string> => (await run(SAY)).out;

  function onlyEntry(): string {
    const entries = readdirSync(kept);
    assert.equal(entries.length, 1, entries.join());
    return join(kept, entries[0] ?? "");
  }

  it("translates a file once, and again when it has changed", async () => {
    assert.equal(await say(), "one, translated");
    assert.equal(await say(), "one, read");
    put("said.ts", 'export const said: string = "two";\n');
    assert.equal(await say(), "two, translated");
    assert.equal(await say(), "two, read");
  });

  it("believes no entry that is cut short or not what it wrote, and mends it", async () => {
    await say();
    const entry = onlyEntry();
    const whole = readFileSync(entry, "utf8");
    for (const damaged of ["", whole.slice(0, 64), whole.slice(0, -9), whole.replace('"one"', '"six"')]) {
      writeFileSync(entry, damaged);
      assert.equal(await say(), "one, translated");
      assert.equal(readFileSync(entry, "utf8"), whole);
    }
  });

  it("runs where it can keep nothing", async () => {
    put("node_modules/.cache", "a file where the folder would be");
    assert.equal(await say(), "one, translated");
    assert.equal(await say(), "one, translated");
  });

  it("keeps its output where no other user can write, and runs nothing that others could have put there", async () => {
    await say();
    assert.equal(statSync(kept).mode & 0o777, 0o700);
    const entry = onlyEntry();
    const theirs = 'exports.said = "theirs";';
    const signed = createHash("sha256").update(theirs).digest("hex") + theirs;
    writeFileSync(entry, signed);
    assert.equal(await say(), "theirs, read", "in a folder of our own it is what we kept");
    chmodSync(kept, 0o777);
    assert.equal(await say(), "one, translated");
    assert.equal(statSync(kept).mode & 0o777, 0o700);
    const elsewhere = join(root, "elsewhere");
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, basename(entry)), signed);
    rmSync(kept, { recursive: true });
    symlinkSync(elsewhere, kept);
    assert.equal(await say(), "one, translated", "a link leads to a folder that is not looked after");
  });

  it("uses no folder of another user", async function () {
    if (process.geteuid?.() !== 0) this.skip(); // Only root can make one.
    await say();
    const theirs = 'exports.said = "theirs";';
    writeFileSync(onlyEntry(), createHash("sha256").update(theirs).digest("hex") + theirs);
    chownSync(kept, 65_534, 65_534);
    assert.equal(await say(), "one, translated");
  });

  it("runs where what it kept cannot be replaced, and leaves no pieces", async () => {
    await say();
    const entry = onlyEntry();
    rmSync(entry);
    mkdirSync(join(entry, "in the way"), { recursive: true });
    assert.equal(await say(), "one, translated");
    assert.deepEqual(readdirSync(kept).length, 1);
  });

  it("serves processes that start at the same time", async () => {
    const all = await Promise.all([say(), say(), say(), say()]);
    for (const said of all) assert.match(said, /^one, (translated|read)$/);
    assert.equal(await say(), "one, read");
    onlyEntry();
  });

  it("names the lines of the TypeScript in a stack trace, as Pulumi's processes write it, too", async () => {
    put(
      "deep/fails.ts",
      "interface Gone {\n  readonly a: string;\n}\n\nexport const said = (): Gone => {\n  throw new Error('here');\n};\n",
    );
    for (const maps of ["", `require(${JSON.stringify(require.resolve("source-map-support/register"))});`]) {
      for (const turn of ["translated", "read"]) {
        const { out, code } = await run(`${maps} require(process.argv[1]).said();`, "deep/fails.ts");
        assert.equal(code, 1, turn);
        assert.ok(out.includes(`${join(root, "deep", "fails.ts")}:6:9`), `${turn}: ${out}`);
      }
    }
  });

  it("leaves what is installed, and what is elsewhere, to others", async () => {
    put("node_modules/installed/index.ts", "export const said = 1;\n");
    const { out, code } = await run(SAY, "node_modules/installed/index.ts");
    assert.equal(code, 1);
    assert.match(out, /index\.ts is not of this project/);
    const others = "require.extensions['.ts'] = (module) => (module.exports = { said: 'theirs' });";
    const loader = JSON.stringify(join(root, "loader", "typescript.cjs"));
    const again = `${others} delete require.cache[${loader}]; require(${loader});`;
    assert.equal((await run(again + SAY, "node_modules/installed/index.ts")).out, "theirs, read");
    assert.equal((await run(again + SAY)).out, "one, translated");
  });
});

describe("a command of this project", () => {
  it("keeps no code in the folder for temporary files, which other users can make first", () => {
    const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-commands-"));
    try {
      const env = { ...process.env, TMPDIR: folder };
      execFileSync(process.execPath, ["dev/run.mjs", "cli/pipeline.ts", "--help"], { cwd: projectRoot, env });
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(30_000);
});
