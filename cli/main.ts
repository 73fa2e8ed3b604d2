// entra-licensing COMMAND: all that an administrator runs. docs/command.md
import { CommanderError } from "commander";
import { COMMANDS } from "./commands/all";
import { addCompletion } from "./commands/completion";
import { EXIT } from "./exit-codes";
import { createProgram } from "./program";

// `plan | head` has seen enough: what is written after that is lost, and the command comes to its end without a complaint.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

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
