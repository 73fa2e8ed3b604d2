// Loaded first into every Node process of a rehearsal: no connection leaves this machine, whatever asks for it.
const net = require("node:net");

const HERE = new Set(["localhost", "127.0.0.1", "::1", "[::1]", "::ffff:127.0.0.1"]);

// It is called with the socket that is to connect.
const connect = Reflect.get(net.Socket.prototype, "connect");

/**
 * Every connection of Node is made here: HTTP, TLS, fetch and gRPC as well.
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
 * @param {any[]} words as `connect` takes them: an object, a path, or a port with or without a host; or all of that in a list, from inside Node
 * @returns {string | null} null: a path, or this machine because no host is named
 */
function hostIn(words) {
  const [first, second] = Array.isArray(words[0]) ? words[0] : words;
  if (typeof first === "object" && first !== null) return first.path == null ? (first.host ?? null) : null;
  return typeof second === "string" ? second : null;
}
