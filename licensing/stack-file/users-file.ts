import { CsvError, parse, type Options } from "csv-parse/sync";
import { isGuid } from "../model";
import type { StackFileMistake } from "./stack-file";

/** Reads a file that the stack file names, by its path relative to the stack file; `null`: it cannot be read. */
export type ReadText = (file: string) => string | null;

/** The users of a CSV file, each with its place for messages, such as `wave1.csv line 12`. */
export interface UsersInFile {
  readonly users: readonly string[];
  readonly places: readonly string[];
  readonly mistakes: readonly StackFileMistake[];
}

const ID = "id";
const NAME = "userprincipalname";

interface Line {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Users by the column `id` or `userPrincipalName`. Other columns do not count, so that an export can be used as it is. Spreadsheets
 * separate by comma, semicolon or tab.
 *
 * @throws {unknown} what the parser throws besides a fault in the text: nothing that is known
 */
export function usersInFile(text: string, file: string): UsersInFile {
  const placeOf = (line: number) => `${file} line ${line}`;
  const failed = (line: number, message: string): UsersInFile => ({
    users: [],
    places: [],
    mistakes: [{ path: placeOf(line), message }],
  });
  let lines: readonly Line[];
  try {
    lines = parse(text, CSV) as unknown as readonly Line[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return failed(Number(error["lines"] ?? 1), `is no CSV: ${error.message}`);
  }
  const [header, ...rows] = lines;
  const columns = (header?.record ?? []).map((name) => name.toLowerCase());
  const [idAt, nameAt] = [columns.indexOf(ID), columns.indexOf(NAME)];
  if (idAt === -1 && nameAt === -1) {
    return failed(header?.info.lines ?? 1, 'must be a header with a column "id" or "userPrincipalName"');
  }
  const mistakes: StackFileMistake[] = [];
  const found = new Map<string, number>();
  const users: string[] = [];
  const places: string[] = [];
  for (const { record, info } of rows) {
    const id = record[idAt] ?? "";
    const word = id === "" ? (record[nameAt] ?? "") : id;
    const message = mistakeIn(word, id !== "", found.get(word.toLowerCase()));
    if (message !== null) {
      mistakes.push({ path: placeOf(info.lines), message });
      continue;
    }
    found.set(word.toLowerCase(), info.lines);
    users.push(word);
    places.push(placeOf(info.lines));
  }
  if (users.length + mistakes.length === 0) return failed(header?.info.lines ?? 1, "is not followed by any user");
  return { users, places, mistakes };
}

const CSV: Options = {
  bom: true,
  trim: true,
  info: true,
  delimiter: [",", ";", "\t"],
  relax_column_count: true,
  skip_records_with_empty_values: true,
};

function mistakeIn(word: string, isId: boolean, before: number | undefined): string | null {
  if (word === "") return "names no user";
  if (isId && !isGuid(word)) return `"${word}" in the column id is no object id`;
  if (!isId && !word.includes("@")) return `"${word}" is no user principal name`;
  return before === undefined ? null : `names "${word}" again, after line ${before}`;
}

/** Waves of the raw stack file with the users of their files in place of `{file: …}`. */
export interface WithUsersOfFiles {
  readonly waves: unknown;
  readonly mistakes: readonly StackFileMistake[];
  /** Of the users of a wave, by its place in the list; absent for waves without a file. */
  readonly places: ReadonlyMap<number, readonly string[]>;
}

export function withUsersOfFiles(waves: unknown, readText: ReadText): WithUsersOfFiles {
  const mistakes: StackFileMistake[] = [];
  const places = new Map<number, readonly string[]>();
  if (!Array.isArray(waves)) return { waves, mistakes, places };
  const inlined = waves.map((wave: unknown, index) => {
    const file = fileOf(wave);
    if (file === null) return wave;
    // The mistake is named already: the rest of the wave is checked as if the file were right.
    const unread = { ...(wave as object), users: [file] };
    const text = readText(file);
    if (text === null) {
      mistakes.push({
        path: `licensing:waves[${index}].users.file`,
        message: `"${file}" cannot be read: its path is relative to the stack file`,
      });
      return unread;
    }
    const found = usersInFile(text, file);
    mistakes.push(...found.mistakes);
    if (found.users.length === 0) return unread;
    places.set(index, found.places);
    return { ...(wave as object), users: found.users };
  });
  return { waves: inlined, mistakes, places };
}

function fileOf(wave: unknown): string | null {
  const { users } = (typeof wave === "object" && wave !== null ? wave : {}) as { readonly users?: unknown };
  const { file } = (typeof users === "object" && users !== null ? users : {}) as { readonly file?: unknown };
  return typeof file === "string" && file.trim() !== "" ? file.trim() : null;
}
