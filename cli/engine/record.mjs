import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { isOwnFolder } from "./own-folder.mjs";
import { findOnPath } from "./find-on-path.mjs";
import { builtLanguageHost, oldestEngine } from "./versions.mjs";

/**
 * The engine that set-up chose for this checkout.
 *
 * @typedef {object} Engine
 * @property {string} binary The `pulumi` program, as an absolute path.
 * @property {string[]} pathFolders Folders to put first on the PATH so that it finds its parts; empty if they are on the PATH
 *   already.
 * @property {string} version
 * @property {"path" | "download" | "build"} source
 */

/**
 * Set-up's record, from which the next run sees that nothing is missing without starting a program. It is in node_modules, so it
 * is deleted with the dependencies.
 *
 * @typedef {object} EngineRecord
 * @property {Engine} engine
 * @property {string} chosenFor The inputs of the choice: the pinned versions and the user's own `pulumi`.
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
 * True if set-up would choose the recorded engine again: same pinned versions, same `pulumi` on the PATH, and the engine still
 * exists in a folder that no other user can write to.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export function engineIsReady(root, env) {
  const record = readEngineRecord(root);
  if (record === undefined || !existsSync(record.engine.binary)) return false;
  if (record.chosenFor !== choiceKey(withoutFolders(env, record.engine.pathFolders))) return false;
  return record.engine.source === "path" || isOwnFolder(dirname(dirname(record.engine.binary)));
}

/**
 * A program that the recorded engine runs has the engine's folders first on its PATH: the user has not installed it.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} folders
 * @returns {NodeJS.ProcessEnv}
 */
function withoutFolders(env, folders) {
  const path = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => !folders.includes(folder));
  return { ...env, PATH: path.join(delimiter) };
}

/** @param {NodeJS.ProcessEnv} env */
function choiceKey(env) {
  const onPath = findOnPath("pulumi", env);
  const seen = onPath === undefined ? "none" : `${onPath} ${statSync(onPath).size} ${statSync(onPath).mtimeMs}`;
  return `engine ${oldestEngine}, host ${builtLanguageHost}, on the PATH: ${seen}`;
}
