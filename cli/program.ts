import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { packageRoot } from "./engine/project-root";
import { EXIT_CODES } from "./exit-codes";
import type { Register } from "./commands/command";

const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };

const CODES = EXIT_CODES.map(([code, words]) => `  ${String(code).padEnd(4)} ${words}`).join("\n");

/** The command with its subcommands. Mistakes of the command line are thrown, not ended with. */
export function createProgram(commands: readonly Register[]): Command {
  const program = new Command("entra-licensing")
    .description("Moves Microsoft Entra ID users from direct licences to group-based licensing, in waves.")
    .version(version)
    .showHelpAfterError("(--help has the options and an example)")
    .exitOverride()
    .addHelpText("after", `\nExit codes:\n${CODES}`);
  for (const register of commands) register(program);
  return program;
}
