import type { TenantClock } from "../clock";
import type { Guid } from "./entities";

/** From when until when after a group was made Graph does not find it, in milliseconds. */
export type HiddenFor = readonly [fromMs: number, untilMs: number];

/** Groups that are younger than the tenant: parts of Graph do not know them yet, and one that has answered may not have a moment later. */
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
