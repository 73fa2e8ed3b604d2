/** Set-up speaks on stderr, so that the output of `npm run pulumi -- stack output --json` stays clean. */
export function log(/** @type {string} */ text) {
  process.stderr.write(`set-up: ${text}\n`);
}

/** "45 s", "2 min 30 s" */
export function elapsed(/** @type {number} */ sinceMs, nowMs = Date.now()) {
  const seconds = Math.round((nowMs - sinceMs) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Says every 15 seconds that the work still goes on.
 *
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(what, work, everyMs = 15_000) {
  const startMs = Date.now();
  const timer = setInterval(() => {
    log(`${what}, ${elapsed(startMs)} so far`);
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
