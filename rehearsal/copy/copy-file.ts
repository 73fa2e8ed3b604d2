import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { Refusal } from "../../licensing/refusal";
import { copySchema, type RehearsalCopy } from "./schema";
import { stackFileOf } from "./stack-config";

/** Writes a copy as one file, gzipped if the name ends in `.gz`. Only the owner may read it, because it holds personal data. */
export function saveCopy(file: string, copy: RehearsalCopy): void {
  const text = `${JSON.stringify(copy)}\n`;
  const part = `${file}.part`;
  writeFileSync(part, file.endsWith(".gz") ? gzipSync(text) : text, { mode: 0o600 });
  renameSync(part, file);
}

/** @throws Refusal if the file is not a copy or refers to a user, group or SKU that it does not contain */
export function loadCopy(file: string): RehearsalCopy {
  const reading = copySchema.safeParse(parsed(file));
  if (!reading.success) {
    throw new Refusal(
      [
        `${file} is no copy that this version can load. Save one anew, with entra-licensing rehearse --stack NAME --save FILE:`,
        z.prettifyError(reading.error).split("\n").slice(0, MISTAKES_SHOWN).join("\n"),
      ].join("\n"),
    );
  }
  stackFileOf(reading.data.stackFile);
  return reading.data;
}

/** A file of another kind has a mistake in every line; ten are enough to see that. */
const MISTAKES_SHOWN = 10;

function parsed(file: string): unknown {
  try {
    const bytes = readFileSync(file);
    // The magic number of gzip.
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return JSON.parse((isPacked ? gunzipSync(bytes) : bytes).toString("utf8")) as unknown;
  } catch (error) {
    throw new Refusal(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
