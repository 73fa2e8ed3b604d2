import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { proxiedFetch } from "../../graph/client/proxied-fetch";
import { log, withProgress } from "../setup/progress.mjs";
import { binFolder } from "./kept";
import { isCompleteEngine } from "../../cli/engine/parts";
import { runProgram } from "../../cli/engine/run-program";
import type { Refusal } from "./sources";
import { oldestEngine } from "../../cli/engine/versions.mjs";

/** Where releases of Pulumi come from, and their checksums: two places, so that one alone can't replace an engine. */
export interface EngineSite {
  readonly archives: string;
  readonly checksums: string;
}

export const officialSite: EngineSite = {
  archives: "https://get.pulumi.com/releases/sdk",
  checksums: `https://github.com/pulumi/pulumi/releases/download/v${oldestEngine}`,
};

const CHECKSUMS_LIMIT_MS = 20_000;
/** About 120 MB; ten minutes are enough from 2 Mbit/s on. */
const ARCHIVE_LIMIT_MS = 600_000;
const UNPACK_LIMIT_MS = 120_000;

/** The official CLI, into `folder`, where its SHA-512 is the published one. Without that nothing is unpacked. */
export async function downloadEngine(
  folder: string,
  env: NodeJS.ProcessEnv,
  { archives, checksums }: EngineSite = officialSite,
): Promise<Refusal | undefined> {
  const name = archiveName();
  const remedy = `let this machine reach ${archives} and ${checksums} over HTTPS`;
  const sums = await get(`${checksums}/SHA512SUMS`, CHECKSUMS_LIMIT_MS);
  if ("why" in sums) return { why: sums.why, remedy };
  const expected = checksumIn(sums.bytes.toString("utf8"), name);
  if (expected === null) return { why: `${checksums}/SHA512SUMS has no checksum of ${name}`, remedy };

  log(`downloading Pulumi ${oldestEngine} from ${archives}, once`);
  const archive = await withProgress("downloading Pulumi", () => get(`${archives}/${name}`, ARCHIVE_LIMIT_MS));
  if ("why" in archive) return { why: archive.why, remedy };
  if (createHash("sha512").update(archive.bytes).digest("hex") !== expected) {
    const why = `${archives}/${name} is not what was published: its SHA-512 differs from ${checksums}/SHA512SUMS`;
    return { why, remedy: "do not use that file; find out which proxy changes downloads on the way to this machine" };
  }
  const file = join(folder, name);
  writeFileSync(file, archive.bytes);
  // The programs lie in `pulumi/`, on Windows in `pulumi/bin/`; its tar reads zip files, too.
  const strip = process.platform === "win32" ? 2 : 1;
  const args = ["-xf", file, "-C", binFolder(folder), `--strip-components=${strip}`];
  const { failure } = await runProgram({ command: "tar", words: args, cwd: folder, env, limitMs: UNPACK_LIMIT_MS });
  rmSync(file);
  if (failure !== undefined) return { why: `${name} can't be unpacked (${failure})`, remedy: "install tar" };
  if (!isCompleteEngine(binFolder(folder))) return { why: `${name} has no Node.js language host`, remedy };
  return undefined;
}

function archiveName(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `pulumi-v${oldestEngine}-${os}-${process.arch}.${os === "windows" ? "zip" : "tar.gz"}`;
}

/** Of a line such as `0a1b…  pulumi-v3.255.0-linux-x64.tar.gz`. */
function checksumIn(sums: string, name: string): string | null {
  const lines = sums.split("\n").map((line) => line.trim().split(/\s+\*?/));
  const sum = lines.find(([, file]) => file === name)?.[0]?.toLowerCase() ?? "";
  return /^[0-9a-f]{128}$/.test(sum) ? sum : null;
}

async function get(url: string, limitMs: number): Promise<{ readonly bytes: Buffer } | { readonly why: string }> {
  try {
    const answer = await proxiedFetch(url, { signal: AbortSignal.timeout(limitMs) });
    if (!answer.ok) return { why: `${url} can't be reached (HTTP ${answer.status})` };
    return { bytes: Buffer.from(await answer.arrayBuffer()) };
  } catch (error) {
    return { why: `${url} can't be reached (${reason(error, limitMs)})` };
  }
}

function reason(error: unknown, limitMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer in ${limitMs / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
