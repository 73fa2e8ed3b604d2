// Loaded first into the Node processes of a rehearsal: the time is the embedded tenant's, which passes at once where somebody would wait for it.
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

/** Shorter than this is no wait for a time, but for something on this machine. */
const SHORTEST_MS = 500;

/** What is under way may end first, as it would while somebody waits. */
const A_MOMENT_MS = 20;

// Waits for Graph and Entra are made by this function, time limits of requests are not: those stay as they are.
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
 * @returns {Promise<number | null>} how far the tenant's clock is ahead then; null: nobody answers, and time passes by itself
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
