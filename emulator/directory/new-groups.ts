import type { TenantClock } from "../clock";
import type { Guid } from "./entities";

/** Period after a group's creation in which Graph does not find it, in milliseconds. */
export type HiddenFor = readonly [fromMs: number, untilMs: number];

/** Hides new groups for given periods, because Graph's replicas may not know a new group yet, even after one of them has answered. */
export class NewGroups {
  readonly #madeMs = new Map<Guid, number>();

  constructor(
    private readonly clock: TenantClock,
    private readonly hidden: readonly HiddenFor[],
  ) {}

  made(groupId: Guid): void {
    this.#madeMs.set(groupId, this.clock.nowMs());
  }

  isHidden(groupId: Guid): boolean {
    const madeMs = this.#madeMs.get(groupId);
    if (madeMs === undefined) return false;
    const age = this.clock.nowMs() - madeMs;
    return this.hidden.some(([fromMs, untilMs]) => age >= fromMs && age < untilMs);
  }
}
