import { hash } from "node:crypto";
import type { Guid } from "./model";

/**
 * How many users one resource of a wave takes on average: about a minute's work at Graph's quota of 3,000 writes in
 * 150 seconds. A stop can come between two resources without anything being cut short.
 */
const USERS_PER_SLICE = 1_000;

/** How many slices a wave of this many users has: a power of two, so that growth splits slices and never shuffles them. */
export function sliceCount(users: number): number {
  let count = 1;
  while (count * USERS_PER_SLICE < users) count *= 2;
  return count;
}

/** The slice of a user, from 0, whatever the others are. Not the bits that `standing` uses: a wave by percent is a range of those. */
export function sliceOf(userId: Guid, count: number): number {
  return hash("sha256", userId, "buffer").readUInt32BE(8) % count;
}

/** Things of users by slice: each user's slice is worked out once, however many slices there are. */
export function bySlice<T>(
  things: Iterable<T>,
  count: number,
  userIdOf: (thing: T) => Guid,
): readonly (readonly T[])[] {
  const slices = Array.from({ length: count }, (): T[] => []);
  for (const thing of things) slices[sliceOf(userIdOf(thing), count)]?.push(thing);
  return slices;
}
