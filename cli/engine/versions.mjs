/**
 * The oldest supported Pulumi engine. Set-up installs exactly this version, so that the minimum stays tested.
 * `dev/engine/cli/go.mod` pins the same version.
 */
export const oldestEngine = "3.255.0";

/**
 * The Node.js language host that set-up builds beside the CLI: the last one that lives in the SDK's own Go module (it
 * moved out afterwards). `dev/engine/language-host/go.mod` pins the same version.
 */
export const builtLanguageHost = "3.68.0";
