/** Elements that a piece of work looks at, in a small case and in a large one, with the bound of its growth. */
export interface CountedWork {
  readonly work: string;
  /** `500 → 5,000 users`. */
  readonly sizes: string;
  readonly small: number;
  readonly large: number;
  /** In words, such as `at most 11 times`. */
  readonly bound: string;
  readonly holds: boolean;
}

type Sized = Pick<CountedWork, "work" | "sizes" | "small" | "large">;

/** What other parts of Node look at varies by a few. */
const SLACK = 60;

export function theSame(counted: Sized): CountedWork {
  return { ...counted, bound: `${SLACK} more`, holds: counted.large <= counted.small + SLACK };
}

/** @param least a work that must grow: where it does not, nothing is counted */
export function atMostTimes(times: number, counted: Sized, least = 0): CountedWork {
  const { small, large } = counted;
  return {
    ...counted,
    bound: `${least > 0 ? `${least} to ` : ""}${times} times`,
    holds: large <= times * small && large >= least * small,
  };
}
