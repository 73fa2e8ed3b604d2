/** One command of the demo, with an explanation for a first-time reader. */
export interface Step {
  readonly title: string;
  readonly why: string;
  /** What the stack file says in this step; `null`: the key is not there. */
  readonly applyThrough: string | null;
  readonly command: readonly string[];
  /** Whether the step may change anything in the tenant. */
  readonly writes: boolean;
}

const UP = ["up", "--yes", "--skip-preview"];

/** The whole migration in the order of the steps on a real tenant. */
export const STEPS: readonly Step[] = [
  {
    title: "Preview",
    why: "What is going to happen, wave by wave. The tenant is only read.",
    applyThrough: null,
    command: ["preview"],
    writes: false,
  },
  {
    title: "Groups",
    why: "The groups get the licences, while every user keeps the direct ones. Then every member is verified, and their direct licences go on record. The waves only come into the state; nothing is removed.",
    applyThrough: null,
    command: UP,
    writes: true,
  },
  {
    title: "Canary",
    why: "20 users go first. Each one is read again, proven to inherit all that the direct licence gives, and read back afterwards.",
    applyThrough: "canary",
    command: UP,
    writes: true,
  },
  {
    title: "Tenth",
    why: "A tenth of all users, the canary among them, by a hash of their ids: the same ones in each run.",
    applyThrough: "tenth",
    command: UP,
    writes: true,
  },
  {
    title: "Everyone",
    why: "All remaining users.",
    applyThrough: "everyone",
    command: UP,
    writes: true,
  },
  {
    title: "Once more",
    why: "Nothing is left to do, and this fails if there were. Run every night, it finds what the old automation or a person has assigned directly since.",
    applyThrough: "everyone",
    command: ["preview", "--expect-no-changes"],
    writes: false,
  },
];
