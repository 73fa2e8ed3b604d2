import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { seedTenant, type Emulator } from "../../emulator";
import { watchedEmulator } from "../contract/watched-emulator";
import { seedStackFile } from "./journey";
import { until } from "./processes";

const projectRoot = dirname(dirname(__dirname));

describe("journey: a demo and a rehearsal that end before their end", function () {
  this.timeout(240_000);

  let emulator: Emulator;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-quits-"));
    mkdirSync(join(folder, "stacks"));
    mkdirSync(join(folder, "tmp"));
    emulator = await watchedEmulator({ tenant: seedTenant({ users: 20, finance: 4 }) });
    const cloud = { graph: emulator.url, authority: emulator.url };
    const config = { ...seedStackFile, "licensing:tenant": emulator.tenant.id, "licensing:cloud": cloud };
    writeFileSync(join(folder, "stacks", "Pulumi.contoso.yaml"), stringify({ config }));
    const ofTenant = ["rehearse", "--stack", "contoso", "--folder", join(folder, "stacks")];
    const saved = await run([...ofTenant, "--save", join(folder, "copy.json"), "--no-run"]);
    assert.equal(saved.code, 0, saved.stderr);
  });
  after(async () => {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ofCopy = () => ["rehearse", "--copy", join(folder, "copy.json")];

  /** All that it makes lies below a folder of its own, which every process of it names. */
  function start(words: readonly string[], pipe = "") {
    const line = [process.execPath, join(projectRoot, "dev", "run.cjs"), "cli/main.ts", ...words];
    const quoted = line.map((word) => `'${word}'`).join(" ");
    const child = spawn("bash", ["-c", `set -o pipefail; ${pipe === "" ? `exec ${quoted}` : `${quoted} | ${pipe}`}`], {
      cwd: projectRoot,
      env: {
        ...{ PATH: process.env["PATH"], HOME: process.env["HOME"], TMPDIR: join(folder, "tmp") },
        ...emulator.credentials(),
        AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
        NODE_EXTRA_CA_CERTS: emulator.caFile,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].on("data", (chunk: Buffer) => (said[stream] += chunk.toString()));
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((done) => {
      child.on("close", (code) => {
        done({ code, ...said });
      });
    });
    return { child, said, ended };
  }

  const run = (words: readonly string[], pipe = "") => start(words, pipe).ended;
  const isInUse = () =>
    spawnSync("ps", ["-A", "-o", "args="], { encoding: "utf8" }).stdout.includes(join(folder, "tmp"));
  const left = () => readdirSync(join(folder, "tmp")).filter((name) => !name.startsWith("node-compile-cache"));

  for (const [name, words] of [
    ["demo", () => ["demo"]],
    ["rehearse", ofCopy],
  ] as const) {
    it(`${name} | head ends quietly, and leaves no process and no file behind`, async () => {
      const { stdout, stderr } = await run(words(), "head -n 1");
      assert.equal(stdout.trim().split("\n").length, 1, stdout);
      assert.doesNotMatch(stderr, /EPIPE|Error|at .*:\d+/);
      await until(() => !isInUse(), 20_000, "a process is left");
      assert.deepEqual(left(), []);
    });
  }

  it("a rehearsal that Ctrl-C stops says so, with exit code 130, and leaves nothing behind", async () => {
    const { child, said, ended } = start(ofCopy());
    await until(() => left().length > 0 && said.stdout.includes("users") && isInUse(), 120_000, "it does not begin");
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /Stopped before the end \(SIGINT\)\. The copy and everything that was made of it are gone/);
    await until(() => !isInUse(), 20_000, "a process is left");
    assert.deepEqual(left(), []);
  });
});
