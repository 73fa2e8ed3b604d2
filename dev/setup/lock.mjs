import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "./progress.mjs";

const heartbeatMs = 5_000;
/** A holder that has not been heard for this long is gone, wherever it ran. */
const staleAfterMs = 30_000;
const pollMs = 200;

/**
 * Runs the work while no other process of this user runs work under the same lock file. A second one waits, and finds
 * the work done when its turn comes, so the work must look again at what is missing.
 *
 * @template T
 * @param {string} file
 * @param {string} what What the others are told that they wait for.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, what, work) {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  while (!take(file)) {
    if (isStale(file)) {
      rmSync(file, { force: true });
    } else {
      if (!told) log(`${what} is being set up by another process, waiting for it`);
      told = true;
      await sleep(pollMs);
    }
  }
  const heartbeat = setInterval(() => {
    touch(file);
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    const handle = openSync(file, "wx");
    writeSync(handle, `${hostname()} ${process.pid}`);
    closeSync(handle);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Taken for stale, as after a laptop's sleep: what is being made here is renamed into place whole, so go on.
  }
}

/** @param {string} file */
function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > staleAfterMs) return true;
    const [host, pid] = readFileSync(file, "utf8").split(" ");
    return host === hostname() && pid !== undefined && !isAlive(Number(pid));
  } catch {
    return false; // gone meanwhile: the next attempt to take it decides
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
