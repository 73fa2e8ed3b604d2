import type { StackConfig } from "../copy/stack-config";

/** One step of a migration: an edit of the stack file, and the engine's command for it. */
export interface MigrationStep {
  readonly name: string;
  readonly title: string;
  /** Changes of the stack file as it was at the beginning. */
  readonly changes: StackConfig;
  readonly command: readonly string[];
}

const UP = ["up", "--yes", "--skip-preview"];

export const GROUPS_STEP: MigrationStep = {
  name: "groups",
  title: "Groups: their licences, the gate, the baseline",
  changes: {},
  command: UP,
};

export function waveStep(wave: string): MigrationStep {
  return { name: wave, title: `Wave ${wave}`, changes: { "licensing:applyThrough": wave }, command: UP };
}

/** @param waves as the stack file has them */
export function rollbackStep(waves: readonly object[]): MigrationStep {
  return {
    name: "rollback",
    title: "Rollback of all waves",
    changes: { "licensing:waves": waves.map((wave) => ({ ...wave, rollback: true })) },
    command: UP,
  };
}
