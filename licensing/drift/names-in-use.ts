import type { Catalog } from "../catalog/catalog";
import type { Finding } from "../finding";
import type { NameNote } from "../catalog/name-words";
import { mergedNames, type RecordedNames } from "../catalog/recorded-names";
import type { GroupSpec } from "../stack-file/stack-file";

/** The stack file's licence names and their ids. */
export interface NamesInUse {
  /** By logical name of the group, for the record. */
  readonly byGroup: ReadonlyMap<string, RecordedNames>;
  /** Outdated names, each with the line to change. */
  readonly findings: readonly Finding[];
}

/** @param known ids recorded on the last run */
export function namesInUse(groups: readonly GroupSpec[], catalog: Catalog, known: RecordedNames): NamesInUse {
  const resolved = groups.map(({ name, licenses }) => ({
    name,
    licenses: licenses.map((license) => catalog.resolve(license, known)).filter((each) => "found" in each),
  }));
  return {
    byGroup: new Map(resolved.map(({ name, licenses }) => [name, mergedNames(licenses.map(({ names }) => names))])),
    findings: resolved.flatMap(({ name, licenses }) =>
      licenses.flatMap(({ notes }) => notes.map((note) => findingOf(note, name))),
    ),
  };
}

function findingOf({ isGone, message, remedy }: NameNote, group: string): Finding {
  const code = isGone ? "sku-gone" : "name-changed";
  return { code, severity: isGone ? "warning" : "note", about: group, count: 1, message, remedy, userIds: [] };
}
