// A folder for programs that set-up keeps. They are executed only from a folder that no other user of the machine can write to.
import { lstatSync } from "node:fs";

const OTHERS_WRITE = 0o022;

/**
 * True for a folder that only this user can write to. Windows has no mode bits; a user profile there is closed to others by default.
 *
 * @param {string} folder
 */
export function isOwnFolder(folder) {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) return false;
  return process.platform === "win32" || (found.uid === process.geteuid?.() && (found.mode & OTHERS_WRITE) === 0);
}
