// Preloaded into the Node.js processes of a rehearsal: time is the embedded tenant's, and waits jump it forward instead of waiting.
const net = require("node:net");
const timers = require("node:timers/promises");

const RealDate = Date;
let aheadMs = Number(process.env["REHEARSAL_CLOCK_AHEAD_MS"] ?? 0);
const port = Number(process.env["REHEARSAL_CLOCK_PORT"] ?? 0);
const now = () => RealDate.now() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, words, newTarget) => Reflect.construct(target, words.length === 0 ? [now()] : words, newTarget),
  get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
});

/** Shorter waits are for something on this machine, so they are real. */
const SHORTEST_MS = 500;

/** A short real wait, so that operations in progress can finish before the clock jumps. */
const A_MOMENT_MS = 20;

// The program waits for Graph and Entra with this function. Request timeouts use another one and stay real.
const wait = timers.setTimeout;

/**
 * @template T
 * @param {number} [ms]
 * @param {T} [value]
 * @param {import("node:timers").TimerOptions} [options]
 * @returns {Promise<T>}
 */
async function waitOrLeap(ms = 0, value, options) {
  if (port === 0 || !(ms >= SHORTEST_MS)) return wait(ms, /** @type {T} */ (value), options);
  const until = now() + ms;
  await wait(A_MOMENT_MS, undefined, options);
  const ahead = now() < until ? await passTo(until) : null;
  if (ahead !== null) aheadMs = Math.max(aheadMs, ahead);
  const left = until - now();
  return left > 0 ? wait(left, /** @type {T} */ (value), options) : /** @type {T} */ (value);
}
timers.setTimeout = /** @type {typeof wait} */ (waitOrLeap);

/**
 * @param {number} until
 * @returns {Promise<number | null>} the new offset of the tenant's clock; null if the clock service does not answer: then wait
 */
function passTo(until) {
  return new Promise((done) => {
    let heard = "";
    const socket = net.connect(port, "127.0.0.1", () => socket.write(`${until}\n`));
    socket.on("data", (chunk) => (heard += chunk.toString()));
    socket.on("error", () => done(null));
    socket.on("close", () => done(heard === "" ? null : Number(heard)));
  });
}
