import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { Refusal } from "../../licensing/refusal";
import { copySchema, type RehearsalCopy } from "./schema";
import { stackFileOf } from "./stack-config";

/** Writes a copy as one file; packed where its name ends in `.gz`. It is about people: nobody else may read it. */
export function saveCopy(file: string, copy: RehearsalCopy): void {
  const text = `${JSON.stringify(copy)}\n`;
  const part = `${file}.part`;
  writeFileSync(part, file.endsWith(".gz") ? gzipSync(text) : text, { mode: 0o600 });
  renameSync(part, file);
}

/** @throws Refusal where the file is no copy, or names something that is not in it */
export function loadCopy(file: string): RehearsalCopy {
  const reading = copySchema.safeParse(parsed(file));
  if (!reading.success) {
    throw new Refusal(
      [
        `${file} is no copy that this version can load. Save one anew, with npm run rehearse -- --stack NAME --save FILE:`,
        z.prettifyError(reading.error).split("\n").slice(0, MISTAKES_SHOWN).join("\n"),
      ].join("\n"),
    );
  }
  stackFileOf(reading.data.stackFile);
  return reading.data;
}

/** A file that is something else has as many mistakes as lines. */
const MISTAKES_SHOWN = 10;

function parsed(file: string): unknown {
  try {
    const bytes = readFileSync(file);
    // The first two bytes of anything packed by gzip.
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return JSON.parse((isPacked ? gunzipSync(bytes) : bytes).toString("utf8")) as unknown;
  } catch (error) {
    throw new Refusal(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
