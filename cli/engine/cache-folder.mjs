import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where set-up keeps what outlives a checkout: the engine, and its locks. The platform's own place for caches, which
 * `XDG_CACHE_HOME` overrides everywhere.
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
