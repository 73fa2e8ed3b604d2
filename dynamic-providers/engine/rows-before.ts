/** A row on which another depends. */
export interface RowBefore {
  readonly urn: string;
  /** Absent, or Pulumi's word for an unknown value, if the state does not have the row. */
  readonly id?: string;
}

/** `unknownValue` of `@pulumi/pulumi/runtime`. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Why a row may not be written: the state lacks a row on which it depends, because a flag leaves that out. The engine
 * would write it all the same, and could not read that state again.
 */
export function behindNothing(before: readonly RowBefore[]): string | null {
  // check: no row is written behind one that the state does not have
  const missing = before.filter(({ id = UNKNOWN }) => id === UNKNOWN).map(({ urn }) => `'${nameOf(urn)}'`);
  if (missing.length === 0) return null;
  return (
    `it depends on ${missing.join(" and ")}, which the state does not have yet and this run leaves out ` +
    "(--target or --exclude). It was not begun, and nothing was removed. Run pulumi up without these flags."
  );
}

/** The last part of a URN. */
function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
