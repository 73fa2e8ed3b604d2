// A folder for compiled code. Cached code is executed only from a folder that no other user of the machine can write to.
const { lstatSync, mkdirSync, rmSync } = require("node:fs");

const OTHERS_WRITE = 0o022;

/**
 * Creates the folder if it is missing. Returns `false` if another user owns it, it is a link or it can't be created; do not cache then.
 *
 * @param {string} folder
 */
exports.makeOwnFolder = (folder) => {
  try {
    // Another user may have put code into a folder that was writable for others.
    if (isOurs(folder) && !isOwnFolder(folder)) rmSync(folder, { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isOwnFolder(folder);
  } catch {
    return false;
  }
};

exports.isOwnFolder = isOwnFolder;

/**
 * True for a folder that only this user can write to. Windows has no mode bits; a user profile there is closed to others by default.
 *
 * @param {string} folder
 */
function isOwnFolder(folder) {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) return false;
  return process.platform === "win32" || (isOurs(folder) && (found.mode & OTHERS_WRITE) === 0);
}

/** @param {string} folder */
function isOurs(folder) {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (process.platform === "win32" || found.uid === process.geteuid?.());
}
