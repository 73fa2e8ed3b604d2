import type { GraphConnection, TenantGraph } from "../../graph/tenant-graph";
import type { Receipts } from "./receipts";

/** What the world around a lifecycle offers: the tenant, time, and somebody who reads along. */
export interface Host {
  /** What other rows have done in this process. */
  readonly receipts: Receipts;
  connect(connection: GraphConnection): TenantGraph;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** A live text in the row of a resource. Calls may come as often as they like; what is shown is paced. */
  status(urn: string, text: string): Promise<void>;
  /** A line that stays, under the resource. */
  say(urn: string, text: string): Promise<void>;
  /** Why work should end after the unit in hand, or `null`: somebody asked for it, or the engine is gone. */
  stopReason(urn: string): Promise<string | null>;
}
