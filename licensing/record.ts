import { unpackBaseline, type Baseline, type BaselinePattern } from "./baseline";
import { unpackIds } from "./compact-ids";
import type { Guid, License } from "./model";

/** What the stack itself remembers of earlier runs: read from its state, before anything is planned. */
export interface StackRecord {
  readonly baseline: Baseline;
  readonly waves: ReadonlyMap<string, WaveRecord>;
  /** By logical name: the licences that this stack gave to a group, whether or not it still declares them. */
  readonly groupLicenses: ReadonlyMap<string, GroupLicenseRecord>;
}

export interface WaveRecord {
  /** When every part of the wave was done for the first time, in milliseconds since 1970; `null`: not yet. */
  readonly doneAtMs: number | null;
  /** Everybody the wave has taken: they stay in it for good. */
  readonly taken: ReadonlySet<Guid>;
}

export interface GroupLicenseRecord {
  readonly groupId: Guid;
  readonly licenses: readonly License[];
}

export const EMPTY_RECORD: StackRecord = { baseline: new Map(), waves: new Map(), groupLicenses: new Map() };

/** The outputs of one slice of a wave, as far as the plan needs them. */
export interface SliceOutputs {
  readonly wave: string;
  readonly doneAt: string | null;
  readonly __taken: string;
}

/** The record from the outputs that the state holds, sorted by what kind of resource they are of. */
export function recordOf(found: {
  readonly baselines: readonly { readonly __entries: readonly BaselinePattern[] }[];
  readonly slices: readonly SliceOutputs[];
  readonly groupLicenses: readonly (GroupLicenseRecord & { readonly name: string })[];
}): StackRecord {
  const waves = new Map<string, WaveRecord>();
  for (const slice of found.slices) {
    const others = waves.get(slice.wave);
    const doneAtMs = slice.doneAt === null ? null : Date.parse(slice.doneAt);
    waves.set(slice.wave, {
      doneAtMs: others === undefined ? doneAtMs : latest(others.doneAtMs, doneAtMs),
      taken: new Set([...(others?.taken ?? []), ...unpackIds(slice.__taken)]),
    });
  }
  return {
    baseline: unpackBaseline(found.baselines.flatMap((each) => each.__entries)),
    waves,
    groupLicenses: new Map(found.groupLicenses.map((each) => [each.name, each])),
  };
}

/** A wave is done when its last part is; not at all while one part is not. */
function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
