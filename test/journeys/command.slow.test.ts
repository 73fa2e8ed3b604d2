import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { seedTenant } from "../../emulator/tenants/seed";
import { runCommand, startCommand } from "./command";
import { journeyOf, seedStackFile } from "./journey";
import { familyOf, isAlive, until } from "./processes";

/** Several units of users that are proven, written and read back together. */
const WAVE = 240;

const TERMINAL = join(__dirname, "..", "..", "docs", "terminal.md");

const hasTerminal = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

/** As a terminal shows it: each state of the line that changes is a line of its own. */
function linesOf(text: string): readonly string[] {
  return stripVTControlCharacters(text)
    .split(/\r\n|\n|\r/)
    .map((line) => line.trimEnd());
}

function assertFits(text: string, columns: number): void {
  // Set-up speaks before the command, where the checkout is new.
  const wide = linesOf(text).filter((line) => stringWidth(line) > columns && !line.startsWith("set-up:"));
  assert.deepEqual(wide, [], `wider than ${columns} columns`);
}

/**
 * What docs/terminal.md shows below this command is what it printed, but for moments and the lines of its progress. Without numbers
 * where they depend on how far an earlier run came; lines break elsewhere then.
 */
function assertAsDocumented(text: string, command: string, { numbers = true } = {}): void {
  const [, shown = ""] = readFileSync(TERMINAL, "utf8").split(`$ ${command}\n`);
  const still = (each: string) =>
    linesOf(each)
      .map((line) => line.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC/g, "MOMENT"))
      .filter((line) => !/^(Reading the tenant|set-up:|(groups|verification|record|debts|second)\b)/.test(line))
      .join("\n")
      .trim()
      .replaceAll(numbers ? /$^/g : /\d[\d,]*|\s+/g, (found) => (found.trim() === "" ? " " : "N"));
  assert.equal(still(text), still(shown.split("```")[0] ?? ""), `docs/terminal.md shows something else:\n${text}`);
}

/** The places of these words in a text, one after the other. */
function assertInOrder(text: string, words: readonly string[]): void {
  let at = -1;
  for (const word of words) {
    const next = text.indexOf(word, at + 1);
    assert.ok(next > at, `${word} is not behind the words before it in:\n${text}`);
    at = next;
  }
}

/** All processes of a run name the folder of its stack, or run below one that does. */
function isInUse(folder: string): boolean {
  return spawnSync("ps", ["-A", "-o", "args="], { encoding: "utf8" }).stdout.includes(folder);
}

describe("journey: by the command entra-licensing alone", function () {
  this.timeout(180_000);

  const journey = journeyOf(
    () => ({ tenant: seedTenant({ users: 3 * WAVE, finance: 24 }), latencyMs: 200, processing: { joinMs: 100 } }),
    {
      ...seedStackFile,
      "licensing:waves": [
        { name: "first", users: { file: "first.csv" } },
        { name: "second", count: WAVE, soak: "24 hours" },
        { name: "third", percent: 100 },
      ],
    },
  );
  before(() => {
    const users = journey.emulator.tenant.users().slice(0, WAVE);
    const lines = users.map(({ userPrincipalName, displayName }) => `${displayName};${userPrincipalName}`);
    writeFileSync(join(journey.stack.folder, "first.csv"), ["Name;userPrincipalName", ...lines].join("\r\n"));
  });
  const stillDirect = () => journey.emulator.tenant.directAssignmentCount("EMS");

  for (const columns of [80, 120]) {
    it(`preview shows the waves in order and what to do next, in ${columns} columns`, async () => {
      const { code, stdout } = await runCommand(journey, ["preview"], { columns });
      assert.equal(code, 0, stdout);
      assertFits(stdout, columns);
      assertInOrder(stdout, ["Safe to apply", "Groups", "all-users", "Waves, in order", "first", "second", "third"]);
      assert.match(stdout, /Next: npx entra-licensing up --stack contoso\n$/);
      assertAsDocumented(stdout, `npx entra-licensing preview --stack contoso  # ${columns} columns`);
      assert.ok(columns === 80 || linesOf(stdout).some((line) => line.length > 80), "the width is not used");
    });
  }

  it("preview --json prints the plan alone", async () => {
    const { code, stdout } = await runCommand(journey, ["preview", "--json"]);
    assert.equal(code, 0);
    const plan = JSON.parse(stdout) as { waves: { name: string }[] };
    assert.deepEqual(
      plan.waves.map(({ name }) => name),
      ["first", "second", "third"],
    );
  });

  const toTenant = () => [
    "--tenant",
    "contoso.com",
    "--cloud",
    JSON.stringify({ graph: journey.emulator.url, authority: journey.emulator.url }),
  ];
  for (const { command, words, begins } of [
    { command: "preview", words: () => [], begins: /^contoso, contoso\.com/ },
    { command: "plan", words: () => ["--out", join(journey.stack.folder, "plan")], begins: /^Previewing update/ },
    {
      command: "discover",
      words: () => [...toTenant(), "--folder", join(journey.stack.folder, "found")],
      begins: /^720 users/,
    },
  ]) {
    it(`${command} | head ends quietly and leaves no process behind`, async () => {
      const { code, stdout, stderr } = await runCommand(journey, [command, ...words()], { pipe: "head -n 1" });
      assert.deepEqual([code, stdout.trim().split("\n").length], [0, 1], stderr);
      assert.match(stdout, begins);
      assert.doesNotMatch(stderr, /EPIPE|Error|at .*:\d+/);
      await until(() => !isInUse(journey.stack.folder), 20_000, "a process is left");
    });
  }

  it("plan | head has written its files all the same", () => {
    const folder = join(journey.stack.folder, "plan");
    const { waves } = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8")) as { waves: unknown[] };
    assert.equal(waves.length, 3);
    assert.ok(existsSync(join(folder, "plan.html")));
  });

  it("a preview whose reader goes away early ends, with its engine", async () => {
    const running = startCommand(journey, ["preview"]);
    await running.says(/Reading the tenant/);
    await until(() => familyOf(running.pid).everybody.length > 1, 60_000, "no engine began");
    const { everybody } = familyOf(running.pid);
    running.closeOutput();
    running.kill("SIGINT");
    const { code } = await running.ended;
    assert.equal(code, 130);
    await until(() => !everybody.some(isAlive), 20_000, "a process of the preview is left");
  });

  it("up without a terminal and without --yes applies nothing", async () => {
    const writes = await journey.writesDuring(async () => {
      const { code, stdout } = await runCommand(journey, ["up"]);
      assert.equal(code, 2, stdout);
      assert.match(stdout, /add --yes/);
    });
    assert.equal(writes, 0);
  });

  it("up prepares the groups, and says which wave comes next", async () => {
    const { code, stdout } = await runCommand(journey, ["up", "--yes", "--names"]);
    assert.equal(code, 0, stdout);
    assertFits(stdout, 80);
    const state = await journey.stack.run(["stack", "export", "--stack", journey.stack.name]);
    assert.doesNotMatch(state.stdout, /@contoso\.com/, "a name is in the state");
    assertAsDocumented(stdout, "npx entra-licensing up --stack contoso --yes");
    assert.equal(stillDirect(), 3 * WAVE);
    assert.match(
      stdout,
      /Next: `licensing:applyThrough: first` in the stack file, then:\nnpx entra-licensing up --stack contoso\n$/,
    );
  });

  it("Ctrl-C in the middle of a wave: it ends within seconds, says what is kept, and shows nothing as deleted", async () => {
    journey.edit({ "licensing:applyThrough": "second" });
    const wave = heldInWave();
    const running = startCommand(journey, ["up", "--yes"]);
    await wave.isHeld;
    const status = await runCommand(journey, ["status"]);
    assert.match(status.stdout, /A run is going on, since/);
    assert.match(status.stdout, /first +running/);
    assertFits(status.stdout, 80);
    running.kill("SIGINT");
    await running.says(/Stopping: the users in hand/);
    wave.goOn();
    const pressedMs = Date.now();
    const { code, stdout } = await running.ended;
    assert.ok(Date.now() - pressedMs < 30_000, `${Date.now() - pressedMs} ms`);
    assert.equal(code, 130, stdout);
    assert.match(stdout, /Stopping: the users in hand are finished first/);
    assert.match(stdout.replaceAll(/\s+/g, " "), /Stopped after \d+ of 240 users of first\. Moved users stay moved/);
    assert.doesNotMatch(stdout, /^\s*- (groups|waves)|delete/m);
    assertFits(stdout, 80);
    assert.ok(stillDirect() > 2 * WAVE, "it went on to the end of the wave");
  });

  it("the next up goes on; stop from another terminal ends it, and status shows how far it came", async () => {
    const wave = heldInWave(() => stillDirect() < 2 * WAVE);
    const running = startCommand(journey, ["up", "--yes"]);
    await wave.isHeld;
    const stopping = startCommand(journey, ["stop"]);
    await stopping.says(/Stopping: the users in hand/);
    wave.goOn();
    const stopped = await stopping.ended;
    assert.equal(stopped.code, 0, stopped.stdout + stopped.stderr);
    assert.match(stopped.stdout.replaceAll(/\s+/g, " "), /Stopped at second.* Moved users stay moved/);
    const { code } = await running.ended;
    assert.equal(code, 130);
    const { stdout } = await runCommand(journey, ["status", "--json"]);
    const { run, waves } = JSON.parse(stdout) as {
      run: unknown;
      waves: { name: string; state: string; moved: number }[];
    };
    assert.equal(run, null);
    assert.deepEqual([waves[0]?.name, waves[0]?.state, waves[0]?.moved], ["first", "done", WAVE]);
    assert.deepEqual([waves[1]?.name, waves[1]?.state], ["second", "not-done"]);
  });

  it("stop without a run says so", async () => {
    const { code, stderr } = await runCommand(journey, ["stop"]);
    assert.equal(code, 1);
    assert.match(stderr, /No run of contoso is going on/);
  });

  it("in a terminal of 80 columns, one line shows share, rate and time left, and never breaks", async function () {
    if (!hasTerminal) this.skip();
    journey.edit({ "licensing:applyThrough": "second" });
    const { code, stdout } = await runCommand(journey, ["up", "--yes"], { terminal: true, columns: 80 });
    assert.equal(code, 0, stdout);
    assertFits(stdout, 80);
    assert.ok(
      linesOf(stdout).some((line) => /^second: \d+ of \d+ users, \d+%, [\d.]+\/s, \d+ (s|min) left/.test(line)),
      stdout,
    );
    assert.match(stdout.replaceAll(/\s+/g, " "), /Next: `licensing:applyThrough: third`.*second soaks 24 hours/);
    assertAsDocumented(stdout, "npx entra-licensing up --stack contoso --yes  # licensing:applyThrough: second", {
      numbers: false,
    });
  });

  it("rollback writes the stack file, puts the wave back, and keeps the rest of the file", async () => {
    const { code, stdout } = await runCommand(journey, ["rollback", "--wave", "second", "--yes"]);
    assert.equal(code, 0, stdout);
    assert.equal(stillDirect(), 2 * WAVE);
  });

  it("when all waves are put back, an up with nothing else to do lifts the protection, and destroy ends well", async () => {
    const back = await runCommand(journey, ["rollback", "--yes"]);
    assert.equal(back.code, 0, back.stdout);
    assert.equal(stillDirect(), 3 * WAVE);
    const { code, stdout } = await runCommand(journey, ["up", "--yes"]);
    assert.equal(code, 0, stdout);
    assert.match(stdout.replaceAll(/\s+/g, " "), /whether \d+ rows are protected from pulumi destroy/);
    const destroyed = await journey.stack.run(["destroy", "--yes"]);
    assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
    assert.deepEqual(journey.emulator.tenant.group("All users").licenses, []);
  });

  /** Holds the run at a write in the middle of a wave, until it may go on. */
  function heldInWave(isWave = () => stillDirect() < 3 * WAVE): { readonly isHeld: Promise<void>; goOn(): void } {
    let goOn = (): void => undefined;
    const released = new Promise<void>((resolve) => (goOn = resolve));
    const isHeld = new Promise<void>((resolve) => {
      const match = { method: "POST", path: /^\/users\// };
      const rule = journey.emulator.faults.add({
        match,
        then: async () => {
          if (!isWave()) return;
          rule.remove();
          resolve();
          await released;
        },
      });
    });
    return { isHeld, goOn: () => goOn() };
  }

  it("no user was ever without a service", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });
});
