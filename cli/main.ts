// entra-licensing COMMAND: all that an administrator runs. docs/command.md
import { CommanderError } from "commander";
import { COMMANDS } from "./commands/all";
import { addCompletion } from "./commands/completion";
import { EXIT } from "./exit-codes";
import { createProgram } from "./program";

const program = createProgram(COMMANDS);
addCompletion(program);

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Commander has printed the message or the help.
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return;
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT.failed;
});
