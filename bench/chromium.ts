import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { launch, type Browser } from "puppeteer-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The Chromium of this machine, without a window. */
export function launchChromium(env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  // A container's root may not use the sandbox; what is opened here are pages that the tests or the benchmark have written.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return launch({ executablePath: findChromium(env), args });
}

export function findChromium(env: NodeJS.ProcessEnv): string {
  const given = env["CHROMIUM_PATH"] ?? "";
  if (given !== "") return given;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new Error(
    "This opens a page in Chromium, and none is on the PATH. Install it (Debian and Ubuntu: " +
      "apt-get install chromium), or set CHROMIUM_PATH to a Chrome or Chromium.",
  );
}
