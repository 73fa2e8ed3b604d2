/**
 * The oldest Pulumi engine that this project is tested on, and the one that set-up gets where there is none. It is a
 * floor because nothing older was ever tried with this program, and getting the floor itself keeps it tested: nothing
 * in the product may need more. `dev/engine/cli/go.mod` pins the same version.
 */
export const oldestEngine = "3.255.0";

/**
 * The Node.js language host that set-up builds beside the CLI: the last one that lives in the SDK's own Go module (it
 * moved out afterwards). `dev/engine/language-host/go.mod` pins the same version.
 */
export const builtLanguageHost = "3.68.0";
