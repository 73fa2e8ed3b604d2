import { proxiedFetch } from "../../graph/proxied-fetch";
import { say, withProgress } from "../setup/progress.mjs";
import { binFolder } from "./kept";
import { isCompleteEngine } from "./parts";
import { runProgram } from "./run-program";
import type { Refusal } from "./sources";
import { oldestEngine } from "./versions.mjs";

/** Where Pulumi's installer comes from. */
export const officialSite = "https://get.pulumi.com";

const knockLimitMs = 10_000;
/** About 120 MB; ten minutes are enough from 2 Mbit/s on. */
const downloadLimitMs = 600_000;

/**
 * The official CLI, by the installer of Pulumi's own SDK, into `folder`. It first knocks at the site: the installer
 * itself would wait two minutes for a network that lets nothing through.
 */
export async function downloadEngine(
  folder: string,
  env: NodeJS.ProcessEnv,
  site = officialSite,
): Promise<Refusal | undefined> {
  const remedy = `let this machine reach ${site} and https://github.com over HTTPS`;
  const closed = await knock(site);
  if (closed !== undefined) return { why: `${site} can't be reached (${closed})`, remedy };

  say(`downloading Pulumi ${oldestEngine} from ${site}, once`);
  const { failure } = await withProgress("downloading Pulumi", () =>
    runProgram({
      command: process.execPath,
      words: [
        "--require",
        require.resolve("../../loader/typescript.cjs"),
        require.resolve("./install-official.ts"),
        folder,
        oldestEngine,
      ],
      cwd: folder,
      env,
      limitMs: downloadLimitMs,
    }),
  );
  if (failure !== undefined) return { why: `the installer failed (${failure})`, remedy };
  if (!isCompleteEngine(binFolder(folder))) return { why: "what was installed has no Node.js language host", remedy };
  return undefined;
}

async function knock(site: string): Promise<string | undefined> {
  try {
    const { ok, status } = await proxiedFetch(`${site}/install.sh`, {
      method: "HEAD",
      signal: AbortSignal.timeout(knockLimitMs),
    });
    return ok ? undefined : `HTTP ${status}`;
  } catch (error) {
    return reason(error);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer in ${knockLimitMs / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
