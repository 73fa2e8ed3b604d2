import { Pacer } from "./pacer";
import type { Quotas } from "./quotas";

/** One pacer for all connections of a process that share a quota: same app, same tenant. A process has one app. */
export class SharedPacers {
  private readonly pacers = new Map<string, Pacer>();

  /** @param pace if connections ask for different shares, the smallest counts */
  of(host: string, tenant: string, pace: number, quotas?: Quotas): Pacer {
    const key = `${host} ${tenant.toLowerCase()}`;
    const pacer = this.pacers.get(key) ?? new Pacer(pace, quotas);
    pacer.slowDownTo(pace);
    this.pacers.set(key, pacer);
    return pacer;
  }
}
