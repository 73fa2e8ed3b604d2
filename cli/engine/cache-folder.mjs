import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder for files that outlive a checkout: the engine and its locks. It is in the platform's cache folder;
 * `XDG_CACHE_HOME` overrides that on every platform.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function cacheFolder(env, platform = process.platform) {
  const home = homedir();
  const parent =
    env["XDG_CACHE_HOME"] ||
    (platform === "win32" && (env["LOCALAPPDATA"] || join(home, "AppData", "Local"))) ||
    (platform === "darwin" && join(home, "Library", "Caches")) ||
    join(home, ".cache");
  return join(parent, "entra-group-licensing");
}
