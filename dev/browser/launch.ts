import { existsSync } from "node:fs";
import { launch, type Browser } from "puppeteer-core";
import { chromiumFromNpm, type BrowserProgram } from "./from-npm";
import { installedBrowsers } from "./installed";

/** No browser starts on this machine, and none was named. The cause says what was tried. */
export class NoBrowser extends Error {
  constructor(tried: readonly string[]) {
    super("no browser starts here: install Chromium, Chrome or Edge, or name one by CHROME_PATH", {
      cause: tried.join("; "),
    });
  }
}

/**
 * The first browser that starts, without a window: the one that `CHROME_PATH` names and no other; else one that is installed; else
 * the Chromium of the npm dependencies.
 */
export async function launchBrowser(env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const named = env["CHROME_PATH"] ?? "";
  if (named !== "") {
    if (!existsSync(named)) throw new Error(`CHROME_PATH names ${named}, which does not exist`);
    return start(installed(named, env));
  }
  const failures: string[] = [];
  for (const file of installedBrowsers(env)) {
    try {
      return await start(installed(file, env));
    } catch (error) {
      failures.push(`${file}: ${firstLine(error)}`);
    }
  }
  try {
    const program = await chromiumFromNpm(env);
    if (program !== undefined) return await start(program);
    failures.push("the Chromium of the npm dependencies: there is none for this system");
  } catch (error) {
    failures.push(`the Chromium of the npm dependencies: ${firstLine(error)}`);
  }
  throw new NoBrowser(failures);
}

/** A container's root may not use the sandbox; what is opened here are pages that the tests or the benchmark have written. */
function installed(file: string, env: NodeJS.ProcessEnv): BrowserProgram {
  return { file, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [], env, isShell: false };
}

function start({ file, args, env, isShell }: BrowserProgram): Promise<Browser> {
  return launch({ executablePath: file, args: [...args], env, headless: isShell ? "shell" : true });
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
