import type { Catalog, LicenseSpec } from "../catalog/catalog";
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
  const resolve = (license: LicenseSpec) => {
    const lookup = catalog.resolve(license, known);
    return "found" in lookup ? [lookup] : [];
  };
  const resolved = groups.map(({ name, licenses }) => ({
    name,
    licenses: licenses.flatMap(resolve),
    replaced: licenses.flatMap(({ replaces = [] }) => replaces.flatMap((sku) => resolve({ sku, disabledPlans: [] }))),
  }));
  return {
    byGroup: new Map(
      resolved.map(({ name, licenses, replaced }) => [
        name,
        mergedNames([...licenses, ...replaced].map(({ names }) => names)),
      ]),
    ),
    findings: resolved.flatMap(({ name, licenses, replaced }) => [
      ...licenses.flatMap(({ notes }) => notes.map((note) => findingOf(note, name))),
      ...replaced.flatMap(({ notes }) => notes.map((note) => replacedFinding(note, name))),
    ]),
  };
}

/** A replaced SKU that has left the tenant is where the migration was to end. */
function replacedFinding(note: NameNote, group: string): Finding {
  if (!note.isGone) return findingOf(note, group);
  return {
    ...findingOf(note, group),
    severity: "note",
    remedy: "Take it out of replaces: nothing is left to replace.",
  };
}

function findingOf({ isGone, message, remedy }: NameNote, group: string): Finding {
  const code = isGone ? "sku-gone" : "name-changed";
  return { code, severity: isGone ? "warning" : "note", about: group, count: 1, message, remedy, userIds: [] };
}
