import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ownFolder from "../../loader/own-folder.cjs";
import { findOnPath } from "./find-on-path.mjs";
import { builtLanguageHost, oldestEngine } from "./versions.mjs";

/**
 * The engine that set-up chose for this checkout.
 *
 * @typedef {object} Engine
 * @property {string} binary The `pulumi` program, as an absolute path.
 * @property {string[]} pathFolders Folders that must stand first on the PATH for it to find its parts; none where a
 *   person has them on the PATH already.
 * @property {string} version
 * @property {"path" | "download" | "build"} source
 */

/**
 * What set-up writes down, so that the next run knows without starting anything that nothing is missing. It lies in
 * node_modules, so it goes when the dependencies go.
 *
 * @typedef {object} EngineRecord
 * @property {Engine} engine
 * @property {string} chosenFor What the choice depends on: the pinned versions, and the `pulumi` that a person has.
 */

/** @param {string} root */
function recordFile(root) {
  return join(root, "node_modules", ".entra-group-licensing", "engine.json");
}

/**
 * @param {string} root
 * @returns {EngineRecord | undefined}
 */
export function readEngineRecord(root) {
  try {
    return /** @type {EngineRecord} */ (JSON.parse(readFileSync(recordFile(root), "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {Engine} engine
 * @param {NodeJS.ProcessEnv} env
 */
export function writeEngineRecord(root, engine, env) {
  /** @type {EngineRecord} */
  const record = { engine, chosenFor: choiceKey(env) };
  mkdirSync(dirname(recordFile(root)), { recursive: true });
  writeFileSync(recordFile(root), JSON.stringify(record, undefined, 2));
}

/**
 * True while the recorded choice would be made again: same versions wanted, same `pulumi` on the PATH (or still none),
 * and the chosen one still there, in a folder that no other user can write to.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export function engineIsReady(root, env) {
  const record = readEngineRecord(root);
  if (record?.chosenFor !== choiceKey(env) || !existsSync(record.engine.binary)) return false;
  return record.engine.source === "path" || ownFolder.isOwnFolder(dirname(dirname(record.engine.binary)));
}

/** @param {NodeJS.ProcessEnv} env */
function choiceKey(env) {
  const onPath = findOnPath("pulumi", env);
  const seen = onPath === undefined ? "none" : `${onPath} ${statSync(onPath).size} ${statSync(onPath).mtimeMs}`;
  return `engine ${oldestEngine}, host ${builtLanguageHost}, on the PATH: ${seen}`;
}
