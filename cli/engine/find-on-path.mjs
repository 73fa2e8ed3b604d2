import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheFolder } from "./cache-folder.mjs";

/** The file names that a command may have: Windows finds a command by its extension. */
export function commandFiles(/** @type {string} */ command, platform = process.platform) {
  return platform === "win32" ? [`${command}.exe`, `${command}.cmd`] : [command];
}

/**
 * The first file on the PATH that `command` would run, or undefined. Folders of set-up's own programs are skipped, so a
 * result means that the user installed it.
 *
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function findOnPath(command, env) {
  const ours = cacheFolder(env);
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => {
    return folder !== "" && !folder.startsWith(ours) && !folder.includes("node_modules");
  });
  return folders.map((folder) => findInFolder(command, folder)).find((file) => file !== undefined);
}

/**
 * @param {string} command
 * @param {string} folder
 * @returns {string | undefined}
 */
export function findInFolder(command, folder) {
  return commandFiles(command)
    .map((name) => join(folder, name))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
