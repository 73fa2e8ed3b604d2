import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { Engine } from "./record.mjs";
import { projectRoot } from "./project-root";

const flag = "--policy-pack";

/** A runtime name without a language host: only then does the engine start a policy pack through a script. */
const withoutHost = "nodepack";

/**
 * Rewrites the arguments so that an engine built by set-up can run Node.js policy packs. Its language host is older than the call
 * that starts packs today, so each pack is replaced by a stand-in that a script starts. An official engine needs no change.
 *
 * @param cwd the folder to which paths in the arguments are relative
 */
export function withPolicyPacks(
  engine: Engine,
  words: readonly string[],
  cwd: string,
  root = projectRoot,
): readonly string[] {
  // The stand-in is a shell script. On Windows the engine reports that packs are not supported.
  if (engine.source !== "build" || process.platform === "win32") return words;
  const kept = join(root, "node_modules", ".entra-group-licensing", "policy-packs");
  const translated = words.map((word, index) => {
    if (words[index - 1] === flag) return standIn(resolve(cwd, word), kept) ?? word;
    if (!word.startsWith(`${flag}=`)) return word;
    const made = standIn(resolve(cwd, word.slice(flag.length + 1)), kept);
    return made === undefined ? word : `${flag}=${made}`;
  });
  // Placed beside the engine, which warns about plugins elsewhere on the PATH.
  if (translated.some((word, index) => word !== words[index])) {
    write(join(dirname(engine.binary), `pulumi-analyzer-policy-${withoutHost}`), script, 0o755);
  }
  return translated;
}

/** Changes into the pack's folder, because the SDK's script looks for the SDK in the current folder. */
const script = '#!/bin/sh\ncd "$(cat pack)" && exec pulumi-analyzer-policy "$@"\n';

/** The stand-in's folder; undefined if `pack` is not a Node.js policy pack, which the engine itself reports. */
function standIn(pack: string, kept: string): string | undefined {
  const file = join(pack, "PulumiPolicy.yaml");
  if (!existsSync(file)) return undefined;
  const project = parse(readFileSync(file, "utf8")) as { runtime?: string | { name?: string } } | null;
  const runtime = typeof project?.runtime === "object" ? project.runtime.name : project?.runtime;
  if (runtime !== "nodejs") return undefined;
  const hash = createHash("sha256").update(pack).digest("hex").slice(0, 8);
  const folder = join(kept, hash, basename(pack));
  write(join(folder, "PulumiPolicy.yaml"), stringify({ ...project, runtime: withoutHost }));
  write(join(folder, "pack"), pack);
  return folder;
}

/** Writes atomically, because two engines may start at the same time. */
function write(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text, { mode });
  renameSync(partial, file);
}
