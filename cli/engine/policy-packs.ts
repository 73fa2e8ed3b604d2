import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { Engine } from "./record.mjs";

const projectRoot = join(__dirname, "..", "..");

const flag = "--policy-pack";

/** No language host has this name: only then does the engine start a pack by a script, and not by a language host. */
const withoutHost = "nodepack";

/**
 * The same words, such that the engine can run the policy packs in them. An official engine can by itself. The language
 * host that set-up builds is older than the call by which packs are started today, and answers "not supported"; so
 * the engine is shown a stand-in for each pack of Node.js, which a script starts instead, in the pack's own folder.
 *
 * @param cwd what paths in the words are relative to
 */
export function withPolicyPacks(
  engine: Engine,
  words: readonly string[],
  cwd: string,
  root = projectRoot,
): readonly string[] {
  // The script is one for a shell; on Windows the engine itself says that it can't.
  if (engine.source !== "build" || process.platform === "win32") return words;
  const kept = join(root, "node_modules", ".entra-group-licensing", "policy-packs");
  const translated = words.map((word, index) => {
    if (words[index - 1] === flag) return standIn(resolve(cwd, word), kept) ?? word;
    if (!word.startsWith(`${flag}=`)) return word;
    const made = standIn(resolve(cwd, word.slice(flag.length + 1)), kept);
    return made === undefined ? word : `${flag}=${made}`;
  });
  // Beside the engine: of one that is elsewhere on the PATH the engine warns.
  if (translated.some((word, index) => word !== words[index])) {
    write(join(dirname(engine.binary), `pulumi-analyzer-policy-${withoutHost}`), script, 0o755);
  }
  return translated;
}

/** It runs in the stand-in's folder, and the SDK's own script looks for the SDK from where it runs. */
const script = '#!/bin/sh\ncd "$(cat pack)" && exec pulumi-analyzer-policy "$@"\n';

/** The folder that stands for a pack; none where there is no pack, or none of Node.js: that the engine says best. */
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

/** Whole or not at all: two engines may be started at a time. */
function write(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text, { mode });
  renameSync(partial, file);
}
