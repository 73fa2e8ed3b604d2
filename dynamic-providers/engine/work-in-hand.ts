let inHand = 0;

/** Counts a piece of work while it runs: this process must not end in the middle of one. */
export async function whileInHand<T>(work: () => Promise<T>): Promise<T> {
  inHand += 1;
  try {
    return await work();
  } finally {
    inHand -= 1;
  }
}

export function isIdle(): boolean {
  return inHand === 0;
}
