import { readdirSync } from "node:fs";
import { join } from "node:path";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { projectRoot } from "../engine/project-root";
import { examples } from "./command";

/** Adds `completion SHELL`, which prints a script for the shell, and what that script asks. Comes after all other commands. */
export function addCompletion(program: Command): void {
  const completion = tab(program, { completionCommandName: "completion" });
  for (const command of completion.commands.values()) {
    const stack = command.options.get("stack");
    if (stack !== undefined) stack.handler = (complete) => stackNames().forEach((name) => complete(name, ""));
  }
  program.commands
    .find((command) => command.name() === "completion")
    ?.summary("print a script that completes this command in a shell")
    .addHelpText("after", examples("completion bash >> ~/.bashrc", "completion zsh > ~/.zsh/_entra-licensing"));
}

function stackNames(): readonly string[] {
  try {
    const files = readdirSync(join(projectRoot, "stacks"));
    return files.flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.slice(1) ?? []);
  } catch {
    return [];
  }
}
