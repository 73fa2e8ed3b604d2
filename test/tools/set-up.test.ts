import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, it } from "mocha";
import { locateEngine } from "../../cli/engine/locate";
import { dependenciesAreInstalled } from "../../dev/setup/dependencies.mjs";
import { createFakeMachine, type FakeMachine } from "./fake-machine";

const setUpFile = join(__dirname, "..", "..", "dev", "setup.mjs");
const locked = { packages: { "": {}, "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } } };

describe("npm run setup", () => {
  let machine: FakeMachine;
  let calls: () => string;
  beforeEach(() => {
    machine = createFakeMachine();
    const log = join(machine.home, "calls");
    calls = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
    machine.file("package-lock.json", JSON.stringify(locked));
    machine.program(
      "npm",
      `echo "npm $1 $2" >> ${log}; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json`,
    );
    machine.program("pulumi", `echo "pulumi $*" >> ${log}; echo v3.300.0`);
    machine.program("pulumi-language-nodejs", "exit 0");
    machine.program("pulumi-resource-pulumi-nodejs", "exit 0");
  });
  afterEach(() => {
    machine.remove();
  });

  it("gets what is missing, and the second time does nothing and says nothing", async () => {
    assert.throws(() => locateEngine(machine.home), /npm run setup/);
    assert.match(await setUp(), /installing the npm dependencies[^]*using Pulumi 3\.300\.0[^]*ready/);
    assert.equal(calls(), "npm ci --ignore-scripts\npulumi version\n");
    assert.equal(locateEngine(machine.home).version, "3.300.0");

    assert.equal(await setUp(), "");
    assert.equal(calls(), "npm ci --ignore-scripts\npulumi version\n");
  });

  it("looks again at an engine that was replaced", async () => {
    await setUp();
    machine.program("pulumi", "echo v3.301.0 # newer");
    assert.match(await setUp(), /using Pulumi 3\.301\.0/);
  });

  it("does everything once when two start together", async () => {
    await Promise.all([setUp(), setUp()]);
    assert.equal(calls(), "npm ci --ignore-scripts\npulumi version\n");
  });

  it("leaves a node_modules alone that is a link into another checkout: npm would empty it", async () => {
    const other = machine.file("other/package", "kept");
    symlinkSync(dirname(other), join(machine.home, "node_modules"));
    await assert.rejects(setUp(), /node_modules is a link to another folder/);
    assert.equal(readFileSync(other, "utf8"), "kept");
    assert.equal(calls(), "");
  });

  it("says that npm failed, and does not go on", async () => {
    machine.program("npm", "exit 3");
    await assert.rejects(setUp(), /`npm ci` failed \(exit code 3\)/);
    assert.equal(calls(), "");
  });

  /** What set-up says when it runs in a process of its own, as under npm. */
  async function setUp(): Promise<string> {
    const program = `import(${JSON.stringify(pathToFileURL(setUpFile).href)}).then((m) => m.setUp(process.cwd()).catch(m.endWithReason))`;
    const options = { cwd: machine.home, env: machine.env };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--eval", program], options);
    return stdout + stderr;
  }
});

describe("the npm dependencies", () => {
  const a = { version: "1.0.0", integrity: "sha512-a" };
  const cases: { what: string; lock: object; installed: object | undefined; expected: boolean }[] = [
    { what: "nothing was installed", lock: { "": {}, a }, installed: undefined, expected: false },
    { what: "all are there", lock: { "": {}, a }, installed: { a }, expected: true },
    { what: "one is missing", lock: { "": {}, a, b: a }, installed: { a }, expected: false },
    {
      what: "one has another version",
      lock: { "": {}, a },
      installed: { a: { ...a, version: "1.0.1" } },
      expected: false,
    },
    {
      what: "one has another content",
      lock: { "": {}, a },
      installed: { a: { ...a, integrity: "x" } },
      expected: false,
    },
    {
      what: "one for another platform is missing",
      lock: { "": {}, a: { ...a, optional: true } },
      installed: {},
      expected: true,
    },
  ];
  for (const { what, lock, installed, expected } of cases) {
    it(`are ${expected ? "complete" : "not complete"} when ${what}`, () => {
      const machine = createFakeMachine();
      try {
        machine.file("package-lock.json", JSON.stringify({ packages: lock }));
        if (installed) machine.file("node_modules/.package-lock.json", JSON.stringify({ packages: installed }));
        assert.equal(dependenciesAreInstalled(machine.home), expected);
      } finally {
        machine.remove();
      }
    });
  }
});

describe("the lock file", () => {
  /** `npm ci` refuses a lock without them, on every platform; npm leaves them out when it can't find one at the time. */
  it("names the optional packages of every platform", () => {
    const { packages } = JSON.parse(readFileSync(join(__dirname, "..", "..", "package-lock.json"), "utf8")) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const named = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, "")));
    const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    assert.deepEqual(
      optional.filter((name) => !named.has(name)),
      [],
    );
  });
});
