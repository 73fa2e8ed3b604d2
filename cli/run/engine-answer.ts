import { execFile } from "node:child_process";
import { projectRoot } from "../engine/project-root";
import { engineEnvironment, locateEngine } from "../engine/locate";
import { Refusal } from "../../licensing/refusal";

/** A state of many users is large: about 100 bytes a user, and Node's own limit is 1 MB. */
const LARGEST_ANSWER = 1_000_000_000;

/**
 * What the engine answers to a question that changes nothing.
 *
 * @throws {Refusal} with the engine's own words
 */
export function engineAnswer(words: readonly string[]): Promise<string> {
  const engine = locateEngine();
  const options = {
    cwd: projectRoot,
    env: engineEnvironment(process.env, engine),
    maxBuffer: LARGEST_ANSWER,
  };
  return new Promise((resolve, reject) => {
    execFile(engine.binary, [...words, "--non-interactive"], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Refusal(stderr.trim() || error.message));
    });
  });
}
