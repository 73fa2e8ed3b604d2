import { packIds, unpackIds } from "./compact-ids";
import type { PackedDebts } from "./debts-on-record";
import type { Guid, License } from "../model";

/**
 * A licence that is to go off a group, in the state before it goes: after a killed run, the next one reads these users
 * back.
 */
export interface LeavingState {
  readonly skuId: Guid;
  readonly disabledPlans: readonly Guid[];
  /** ISO 8601. */
  readonly at: string;
  /** SKUs that come in the same call; absent: it goes when members have been verified. */
  readonly swappedFor?: readonly Guid[];
  /** Members with the licence in force, packed by `packIds`. */
  readonly users: string;
}

/** The same, read from the state. */
export interface Leaving extends License {
  readonly at: string;
  readonly swappedFor?: readonly Guid[];
  readonly users: readonly Guid[];
}

/** Outputs of a take-off that the plan reads. */
export interface TakeOffState {
  /** The logical name of the group. */
  readonly name: string;
  readonly groupId: Guid;
  /** When each SKU was off the group and every member read back, ISO 8601. */
  readonly off: Readonly<Record<Guid, string>>;
  /** Licences that could not be put back. */
  readonly owed: readonly PackedDebts[];
}

export function packLeaving({ skuId, disabledPlans, at, swappedFor, users }: Leaving): LeavingState {
  return { skuId, disabledPlans, at, ...(swappedFor && { swappedFor }), users: packIds(users) };
}

/** @throws DamagedRecord if a list of ids is incomplete */
export function unpackLeaving({ users, ...rest }: LeavingState): Leaving {
  return { ...rest, users: unpackIds(users) };
}

/** True if the SKU went off the group after it was recorded, and every member was read back. */
export function isSettled({ skuId, at }: LeavingState, takeOff: TakeOffState | undefined): boolean {
  return Date.parse(takeOff?.off[skuId] ?? "") >= Date.parse(at);
}
