let inHand = 0;

/** Counts running work, so that the process does not end in the middle of it. */
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
