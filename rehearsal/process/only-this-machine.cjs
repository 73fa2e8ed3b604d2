// Preloaded into every Node.js process of a rehearsal: refuses each connection to another machine.
const net = require("node:net");

const HERE = new Set(["localhost", "127.0.0.1", "::1", "[::1]", "::ffff:127.0.0.1"]);

// Kept unbound: it is called below with the connecting socket as `this`.
const connect = Reflect.get(net.Socket.prototype, "connect");

/**
 * Node.js makes every connection through this method: HTTP, TLS, fetch and gRPC.
 *
 * @this {import("node:net").Socket}
 * @param {any[]} words
 */
net.Socket.prototype.connect = /** @type {any} */ (
  function (/** @type {any[]} */ ...words) {
    const host = hostIn(words);
    if (host === null || HERE.has(host.toLowerCase())) return Reflect.apply(connect, this, words);
    const refusal = new Error(`A rehearsal stays on this machine: it does not connect to ${host}.`);
    process.nextTick(() => this.destroy(refusal));
    return this;
  }
);

/**
 * @param {any[]} words the arguments of `connect`: options, a path, or a port and host. Node.js itself passes them as one array
 * @returns {string | null} the host; null for a local path or a missing host, which both mean this machine
 */
function hostIn(words) {
  const [first, second] = Array.isArray(words[0]) ? words[0] : words;
  if (typeof first === "object" && first !== null) return first.path == null ? (first.host ?? null) : null;
  return typeof second === "string" ? second : null;
}
