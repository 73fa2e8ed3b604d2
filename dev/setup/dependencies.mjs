import { spawn } from "node:child_process";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { log, withProgress } from "./progress.mjs";

/**
 * @typedef {{version?: string, integrity?: string, optional?: boolean}} LockedPackage
 * @typedef {{packages: Record<string, LockedPackage>}} LockFile
 */

/**
 * True if node_modules holds every package of the lock file, by npm's own record. A marker of ours would miss a manual
 * `npm install` and reinstall everything. Optional packages are for other platforms.
 *
 * @param {string} root
 */
export function dependenciesAreInstalled(root) {
  const wanted = readLock(join(root, "package-lock.json"));
  const installed = readLock(join(root, "node_modules", ".package-lock.json"));
  if (wanted === undefined) throw new Error(`There is no readable package-lock.json in ${root}.`);
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = installed?.[path];
    if (path === "") return installed !== undefined;
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function readLock(file) {
  try {
    return /** @type {LockFile} */ (JSON.parse(readFileSync(file, "utf8"))).packages;
  } catch {
    return undefined;
  }
}

/**
 * Runs `npm ci`, including development dependencies despite NODE_ENV, because the tests, the demo and its emulator need them.
 * Install scripts are disabled: no package needs one, and it would run with all rights of this user.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function installDependencies(root, env) {
  refuseLink(join(root, "node_modules"));
  log("installing the npm dependencies from the lock file");
  const [command, ...words] = npmCommand(env);
  const code = await withProgress("installing the npm dependencies", () => {
    return /** @type {Promise<number | null>} */ (
      new Promise((done, fail) => {
        const npm = spawn(
          command,
          [...words, "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
          {
            cwd: root,
            env,
            stdio: ["ignore", 2, 2],
            shell: process.platform === "win32" && words.length === 0,
          },
        );
        npm.on("error", fail);
        npm.on("close", done);
      })
    );
  });
  if (code !== 0) throw new Error(`\`npm ci\` failed (exit code ${code ?? "none"}); its own words are above.`);
}

/**
 * `npm ci` empties what a link points to, which belongs to another checkout.
 *
 * @param {string} folder
 */
function refuseLink(folder) {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new Error(
    "node_modules is a link to another folder, and lacks packages of the lock file. Run `npm ci` where it points to, or remove the link.",
  );
}

/**
 * The npm that runs us, so that `npm run …` and its install are the same version.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
function npmCommand(env) {
  const script = env["npm_execpath"];
  return script?.endsWith("npm-cli.js") ? [process.execPath, script] : ["npm"];
}
