import { existsSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "../../cli/engine/find-on-path.mjs";

const COMMANDS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
];

const MAC_FILES = ["Google Chrome", "Chromium", "Microsoft Edge"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

const WINDOWS_FILES = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];

/** The files of the Chromium, Chrome and Edge of this machine. One may be a stand-in that only says how to install it. */
export function installedBrowsers(env: NodeJS.ProcessEnv, platform = process.platform): readonly string[] {
  const onPath = COMMANDS.flatMap((command) => findOnPath(command, env) ?? []);
  return [...onPath, ...usualFiles(env, platform).filter((file) => existsSync(file))];
}

/** Where an installer puts a browser on a system that keeps programs off the PATH. */
function usualFiles(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] {
  if (platform === "darwin") return MAC_FILES;
  if (platform !== "win32") return [];
  const folders = [env["ProgramFiles"], env["ProgramFiles(x86)"], env["LOCALAPPDATA"]];
  return folders.flatMap((folder) => (folder === undefined ? [] : WINDOWS_FILES.map((file) => join(folder, file))));
}
