import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, it } from "mocha";
import { COMMANDS } from "../../cli/commands/all";
import { addCompletion } from "../../cli/commands/completion";
import { createProgram } from "../../cli/program";

const projectRoot = join(__dirname, "..", "..");

function entraLicensing(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dev/run.cjs", "cli/main.ts", ...words], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** What `--help` prints, at a terminal's usual width. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

interface NamedCommand {
  /** As it is typed, such as `tenants plan`. */
  readonly name: string;
  readonly command: Command;
}

/** With the commands below commands, and completion, which is added last. */
function allCommands(): readonly NamedCommand[] {
  const program = createProgram(COMMANDS);
  addCompletion(program);
  const below = (parent: Command, prefix: string): readonly NamedCommand[] =>
    parent.commands.flatMap((command) => {
      const name = `${prefix}${command.name()}`;
      return [{ name, command }, ...below(command, `${name} `)];
    });
  return below(program, "").filter(({ name }) => name !== "complete");
}

describe("entra-licensing", function () {
  this.timeout(60_000);

  for (const { name, command } of allCommands()) {
    it(`${name} --help has an example of its own, and fits 80 columns`, () => {
      const help = helpOf(command);
      assert.match(help, new RegExp(`\\$ npx entra-licensing ${name}\\b`));
      const wide = help.split("\n").filter((line) => line.length > 80);
      assert.deepEqual(wide, []);
    });
  }

  it("has only options in its examples that there are", () => {
    for (const { command } of allCommands().filter(({ command: { commands } }) => commands.length === 0)) {
      const lines = helpOf(command)
        .split("\n")
        .filter((line) => line.includes("$ npx entra-licensing"));
      for (const [option = ""] of lines.join("\n").matchAll(/(?<= )--[a-z][a-z-]*/g)) {
        assert.ok(
          command.options.some(({ long }) => long === option),
          `${command.name()} has no ${option}`,
        );
      }
    }
  });

  it("has --json in every command, but for the steps of a pipeline, which write files, and the script of completion", () => {
    const without = allCommands().filter(
      ({ command }) => command.commands.length === 0 && !command.options.some(({ long }) => long === "--json"),
    );
    assert.deepEqual(
      without.map(({ name }) => name).filter((name) => !name.startsWith("pipeline ")),
      ["completion"],
    );
  });

  it("prints the exit codes, and ends with 0 after help", () => {
    const { status, stdout } = entraLicensing("--help");
    assert.equal(status, 0);
    assert.match(stdout, /Exit codes:\n {2}0 +done/);
  });

  it("ends with 2 at a mistake of the command line, names what was meant, and does nothing", () => {
    const misspelt = entraLicensing("docter");
    assert.deepEqual([misspelt.status, misspelt.stdout], [2, ""]);
    assert.match(misspelt.stderr, /Did you mean doctor\?/);
    assert.equal(entraLicensing("plan").status, 2);
    assert.equal(entraLicensing("rehearse").status, 2);
    assert.equal(entraLicensing("doctor", "--for", "nothing").status, 2);
  });

  it("demo --help prints help and runs no demo", () => {
    const { status, stdout } = entraLicensing("demo", "--help");
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: entra-licensing demo/);
  });

  it("completes commands, options and the names of stacks", () => {
    const script = entraLicensing("completion", "bash");
    assert.equal(script.status, 0);
    assert.equal(spawnSync("bash", ["-n"], { input: script.stdout }).status, 0, "the script is no bash");
    const suggested = (...words: readonly string[]) => entraLicensing("complete", "--", ...words).stdout.split("\n");
    assert.ok(suggested("dis").some((line) => line.startsWith("discover")));
    assert.ok(suggested("doctor", "--").some((line) => line.startsWith("--tenant")));
    assert.ok(suggested("plan", "--stack", "").some((line) => line.startsWith("demo")));
  });
});
