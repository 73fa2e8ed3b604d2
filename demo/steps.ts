import { GROUPS_STEP, waveStep, type MigrationStep } from "../rehearsal/migration/steps";

/** A step of a rehearsal, with an explanation for a first-time reader. */
export interface DemoStep extends MigrationStep {
  readonly why: string;
}

/** The whole migration in the order of the steps on a real tenant. */
export const STEPS: readonly DemoStep[] = [
  {
    name: "preview",
    title: "Preview",
    why: "What is going to happen, wave by wave. The tenant is only read.",
    changes: {},
    command: ["preview"],
  },
  {
    ...GROUPS_STEP,
    title: "Groups",
    why: "The groups get the licences, while every user keeps the direct ones. Then every member is verified, and their direct licences go on record. The waves only come into the state; nothing is removed.",
  },
  {
    ...waveStep("canary"),
    title: "Canary",
    why: "20 users go first. Each one is read again, proven to inherit all that the direct licence gives, and read back afterwards.",
  },
  {
    ...waveStep("tenth"),
    title: "Tenth",
    why: "A tenth of all users, the canary among them, by a hash of their ids: the same ones in each run.",
  },
  {
    ...waveStep("everyone"),
    title: "Everyone",
    why: "All remaining users.",
  },
  {
    name: "once more",
    title: "Once more",
    why: "Nothing is left to do, and this fails if there were. Run every night, it finds what the old automation or a person has assigned directly since.",
    changes: waveStep("everyone").changes,
    command: ["preview", "--expect-no-changes"],
  },
];
