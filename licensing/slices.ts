import { hash } from "node:crypto";
import type { Guid } from "./model";

/**
 * Target number of users in one resource of a wave: about a minute's work at Graph's quota of 3,000 writes in 150
 * seconds. Pulumi can stop between resources, so a stop waits about a minute at most.
 */
const USERS_PER_SLICE = 1_000;

/**
 * Number of slices for a wave of this many users. Always a power of two, so that a growing wave splits slices
 * instead of reshuffling users.
 */
export function sliceCount(users: number): number {
  let count = 1;
  while (count * USERS_PER_SLICE < users) count *= 2;
  return count;
}

/**
 * The user's slice, from 0, independent of other users. It uses other bits of the hash than the percent waves do;
 * otherwise a percent wave would fill only some of the slices.
 */
export function sliceOf(userId: Guid, count: number): number {
  return hash("sha256", userId, "buffer").readUInt32BE(8) % count;
}

/** Distributes items over slices by user id, hashing each id once. */
export function bySlice<T>(
  things: Iterable<T>,
  count: number,
  userIdOf: (thing: T) => Guid,
): readonly (readonly T[])[] {
  const slices = Array.from({ length: count }, (): T[] => []);
  for (const thing of things) slices[sliceOf(userIdOf(thing), count)]?.push(thing);
  return slices;
}
