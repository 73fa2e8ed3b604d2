import type { z } from "zod";
import { configValue } from "./config-texts";
import type { StackFileMistake, StackFile, WaveSpec } from "./stack-file";
import { withUsersOfFiles, type ReadText, type WithUsersOfFiles } from "./users-file";
import { mistakesBetweenParts } from "./mistakes";
import { stackFileSchema } from "./schema";

const NAMESPACE = "licensing";

type Parsed = z.input<typeof stackFileSchema>;
type ParsedWave = NonNullable<Parsed["waves"]>[number];

/** What a stack file declares, as written there, by its keys without `licensing:`. */
export interface WrittenDeclaration extends Omit<Parsed, "waves"> {
  waves?: (Omit<ParsedWave, "users"> & {
    /** User principal names or ids, or the path of a CSV file of them, relative to the stack file. */
    users?: string[] | { file: string } | undefined;
  })[];
}

export type StackFileReading =
  | { readonly ok: true; readonly stackFile: StackFile }
  | { readonly ok: false; readonly mistakes: readonly StackFileMistake[] };

/**
 * The keys of the stack file, not validated yet.
 *
 * @param config the stack's configuration as the engine gives it: JSON text for `licensing:groups`, plain text for
 *   `licensing:tenant`. Keys of other namespaces are ignored.
 */
export function declarationIn(config: Readonly<Record<string, string>>): WrittenDeclaration {
  const raw: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (key.startsWith(`${NAMESPACE}:`)) raw[key.slice(NAMESPACE.length + 1)] = configValue(value);
  }
  return raw as unknown as WrittenDeclaration;
}

/**
 * Validates the whole stack file and reports every mistake at once.
 *
 * @param readText reads the files of users that waves name
 */
export function readStackFile(config: Readonly<Record<string, string>>, readText?: ReadText): StackFileReading {
  return readDeclaration(declarationIn(config), readText);
}

/**
 * Validates a declaration, whose type is only its author's promise, and reports every mistake at once.
 *
 * @param readText as in `readStackFile`
 */
export function readDeclaration(declaration: WrittenDeclaration, readText: ReadText = () => null): StackFileReading {
  const { waves, mistakes: inFiles, places } = withUsersOfFiles(declaration.waves, readText);
  const raw = { ...declaration, ...(waves === undefined ? {} : { waves }) };
  const result = stackFileSchema.safeParse(raw);
  const between = mistakesBetweenParts(raw);
  if (result.success && between.length + inFiles.length === 0) {
    return { ok: true, stackFile: { ...result.data, waves: result.data.waves.map(withPlaces(places)) } };
  }
  const within = (result.error?.issues ?? []).map((issue) => ({ path: issue.path, message: messageOf(issue, raw) }));
  return {
    ok: false,
    mistakes: [...[...within, ...between].map(({ path, message }) => ({ path: pathOf(path), message })), ...inFiles],
  };
}

function withPlaces(places: WithUsersOfFiles["places"]): (wave: WaveSpec, index: number) => WaveSpec {
  return (wave, index) => {
    const ofFile = places.get(index);
    return ofFile === undefined || wave.takes.kind !== "users"
      ? wave
      : { ...wave, takes: { ...wave.takes, places: ofFile } };
  };
}

/** `licensing:waves[1].percent`, the notation used in messages. */
function pathOf(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  if (first === undefined) return NAMESPACE;
  const tail = rest.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return `${NAMESPACE}:${String(first)}${tail}`;
}

function messageOf(issue: z.core.$ZodIssue, raw: unknown): string {
  const value = issue.path.reduce<unknown>(
    (at, part) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    raw,
  );
  if (value === undefined && issue.code === "invalid_type") return `is missing: ${issue.message}`;
  return issue.message;
}
