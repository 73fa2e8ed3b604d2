import type { LicensedGroup } from "../../licensing/model";
import { clockAheadMs } from "../client/clock-reading";
import { TenantReads } from "../reads/tenant-reads";
import { endpointsOf } from "../signin/clouds";
import type { Operation } from "./permissions";
import { probe, type Probed } from "./probes";

/** What `doctor` asks: which cloud and clock, and what Graph allows. Nothing here writes. */
export class Diagnostics extends TenantReads {
  /** The Graph host that serves the tenant, as the authority publishes it; `null` if unknown. */
  async graphHostOfTenant(): Promise<string | null> {
    const answer = await this.openId();
    return answer.kind === "tenant" ? answer.graphHost : null;
  }

  /**
   * Milliseconds by which this machine's clock is ahead of Graph's, from a request of its own, which needs no
   * permission; `null` if Graph sends no time.
   */
  clockAheadMs(): Promise<number | null> {
    const { fetch, pauses } = this.http.transport;
    return clockAheadMs(endpointsOf(this.connection.cloud).graph, fetch, () => pauses.now());
  }

  /**
   * Tries the reads of these operations on the declared groups, or on any group if none is declared. Writes are never
   * tried.
   */
  probe(
    operations: readonly Operation[],
    declared: readonly LicensedGroup[] = [],
  ): Promise<ReadonlyMap<Operation, Probed>> {
    return probe(this.http, operations, declared);
  }
}
