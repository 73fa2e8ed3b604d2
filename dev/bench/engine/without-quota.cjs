// Loaded first into the processes of an engine with thousands of users: the embedded Graph has no quotas there, so nothing is spread over the
// minutes that Microsoft's would take. Everything else is as it runs.
const Module = require("node:module");

const compile = /** @type {(this: unknown, text: string, file: string) => unknown} */ (
  Reflect.get(Module.prototype, "_compile")
);

const LIFTED = "\nfor (const quota of [QUOTAS.writes, QUOTAS.audits, ...QUOTAS.units]) quota.amount = 1e9;\n";

Reflect.set(
  Module.prototype,
  "_compile",
  /** @this {unknown} */
  function (/** @type {string} */ text, /** @type {string} */ file) {
    // The quotas are in the bundles of the program and of the providers, under their own name.
    return Reflect.apply(compile, this, [/\bQUOTAS = \{/.test(text) ? text + LIFTED : text, file]);
  },
);
