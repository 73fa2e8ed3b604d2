import { execa } from "execa";
import { projectRoot } from "../engine/project-root";
import { engineEnvironment, locateEngine } from "../engine/locate";
import { engineErrors } from "../plan/engine-errors";
import { Refusal } from "../../licensing/refusal";

/** A state of many users is large: about 100 bytes a user. */
const LARGEST_ANSWER = 1_000_000_000;

/**
 * What the engine answers to a question that changes nothing.
 *
 * @throws {Refusal} with the engine's own words
 */
export async function engineAnswer(words: readonly string[]): Promise<string> {
  const engine = locateEngine();
  const answer = await execa(engine.binary, [...words, "--non-interactive"], {
    cwd: projectRoot,
    env: engineEnvironment(process.env, engine),
    extendEnv: false,
    stdin: "ignore",
    maxBuffer: LARGEST_ANSWER,
    reject: false,
  });
  if (!answer.failed) return answer.stdout;
  const errors = engineErrors(answer.stderr);
  throw new Refusal(errors.length > 0 ? errors.join("\n") : answer.stderr.trim() || answer.message);
}
