import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../licensing/refusal";
import { configOf } from "../config-in-file";
import { projectRoot } from "../engine/project-root";
import { stacksIn } from "../tenants/stacks";
import { changedFiles } from "./changed-files";
import { filesOfStack, touchedStacks, type StackFiles } from "./touched-stacks";
import { setOutput } from "./workflow-files";

/** What Pulumi takes as a name, without an organisation. It becomes the name of a job, an environment and an artifact. */
const stackNames = z.array(z.string().regex(/^[\w.-]{1,100}$/));

/**
 * Finds the stacks that the change of this workflow touches, as a list for a matrix: the output `stacks`.
 *
 * @param only the one stack of a run that was started by hand; empty: all that are touched
 * @throws {Refusal} if there is no such stack, or LICENSING_STACKS is no list of names
 */
export async function stacks(only: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const all = knownStacks(environment);
  if (only !== "" && !all.some(({ name }) => name === only)) {
    throw new Refusal(
      `There is no stack "${only}" to run: there are ${all.map(({ name }) => name).join(", ") || "none"}. A stack is a file stacks/Pulumi.NAME.yaml, and ` +
        "where the variable LICENSING_STACKS is set, it lists them.",
    );
  }
  const { stacks: found, reason } =
    only === ""
      ? touchedStacks(await changedFiles(environment, projectRoot), all)
      : { stacks: [only], reason: `${only}, as asked for.` };
  process.stdout.write(`${reason}\n`);
  setOutput(environment, "stacks", JSON.stringify(found));
}

/** The list in LICENSING_STACKS, or all stack files of tenants. */
function knownStacks({ LICENSING_STACKS: listed }: NodeJS.ProcessEnv): readonly StackFiles[] {
  const folder = join(projectRoot, "stacks");
  const names = listed ? listIn(listed) : namesIn(folder);
  return names.map((name) => {
    const file = join(folder, `Pulumi.${name}.yaml`);
    return { name, files: filesOfStack(name, existsSync(file) ? configIn(file) : null) };
  });
}

function listIn(text: string): readonly string[] {
  try {
    return stackNames.parse(JSON.parse(text));
  } catch {
    throw new Refusal(
      'The variable LICENSING_STACKS is no list of stacks. Write it as JSON, such as ["contoso"], or take it away.',
    );
  }
}

/** None in a repository without tenants, such as that of this program. */
function namesIn(folder: string): readonly string[] {
  try {
    return stackNames.parse(stacksIn(folder, []).map(({ name }) => name));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stdout.write(`${error.message}\n`);
    return [];
  }
}

/** A file that can't be read is the finding of its own plan. */
function configIn(file: string): unknown {
  try {
    return configOf(file);
  } catch {
    return null;
  }
}
