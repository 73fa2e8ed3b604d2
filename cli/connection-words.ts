import { existsSync } from "node:fs";
import type { GraphConnection } from "../graph/tenant-graph";
import { configTexts } from "../licensing/stack-file/config-texts";
import { Refusal } from "../licensing/refusal";
import { readStackFile } from "../licensing/stack-file/reading";
import { configOf } from "./config-in-file";

/** The tenant and cloud from a command's options; the stack file supplies what the options leave out. */
export interface ConnectionWords {
  readonly tenant?: string | undefined;
  /** A cloud by name, or `{"graph": "https://host", "authority": "https://host"}`. */
  readonly cloud?: string | undefined;
}

/** Validates the options with the stack file's schema, so that both give the same error messages. */
export function connectionFrom(words: ConnectionWords, stackFile: string): GraphConnection {
  const inFile = existsSync(stackFile) ? configOf(stackFile) : {};
  const tenant = words.tenant ?? inFile["licensing:tenant"];
  const cloud = words.cloud ?? inFile["licensing:cloud"];
  const asked = inFile["licensing:pace"];
  if (tenant === undefined) {
    throw new Refusal(
      `Which tenant? ${stackFile} is not there or does not say so: add --tenant with its id or one of its domains, such as --tenant contoso.com.`,
    );
  }
  const config = {
    "licensing:tenant": tenant,
    ...(cloud === undefined ? {} : { "licensing:cloud": cloud }),
    ...(asked === undefined ? {} : { "licensing:pace": asked }),
    // Placeholder: the schema requires groups, but the file may not have any yet.
    "licensing:groups": { any: { existing: "any", licenses: ["any"] } },
  };
  const reading = readStackFile(configTexts(config));
  if (!reading.ok) throw Refusal.ofMistakes(reading.mistakes);
  const { pace } = reading.stackFile;
  return { tenant: reading.stackFile.tenant, cloud: reading.stackFile.cloud, ...(pace === null ? {} : { pace }) };
}
