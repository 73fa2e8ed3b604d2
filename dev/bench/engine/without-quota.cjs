// Loaded first into the processes of an engine with thousands of users: the embedded Graph has no quotas there, so nothing is spread over the
// minutes that Microsoft's would take. Everything else is as it runs.
const Module = require("node:module");

const load = /** @type {(this: unknown, ...words: unknown[]) => any} */ (Reflect.get(Module, "_load"));

Reflect.set(
  Module,
  "_load",
  /** @this {unknown} */
  function (/** @type {unknown[]} */ ...words) {
    const loaded = Reflect.apply(load, this, words);
    const quotas = typeof words[0] === "string" && words[0].endsWith("/quotas") ? loaded.QUOTAS : undefined;
    for (const quota of quotas === undefined ? [] : [quotas.writes, quotas.audits, ...quotas.units]) quota.amount = 1e9;
    return loaded;
  },
);
