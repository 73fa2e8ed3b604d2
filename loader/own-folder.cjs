// A folder for compiled code. Code is kept and run only where no other user of the machine can write.
const { lstatSync, mkdirSync, rmSync } = require("node:fs");

const OTHERS_WRITE = 0o022;

/**
 * Makes the folder if it is missing. `false`: another user owns it, it is a link, or it can't be made, so nothing is kept there.
 *
 * @param {string} folder
 */
exports.makeOwnFolder = (folder) => {
  try {
    // What lies in a folder that others could write to may be theirs.
    if (isOurs(folder) && !isOwnFolder(folder)) rmSync(folder, { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isOwnFolder(folder);
  } catch {
    return false;
  }
};

exports.isOwnFolder = isOwnFolder;

/**
 * True for a folder that only this user can write to. Windows has no such bits: there a profile's own folders are closed to others.
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
