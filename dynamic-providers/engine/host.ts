import type { FreshReads, GraphConnection, LicenseWrites } from "../../graph/tenant-graph";
import type { Receipts } from "./receipts";

/** The surroundings of a lifecycle: tenant, time, and output. */
export interface Host {
  /** What other resources have done in this process. */
  readonly receipts: Receipts;
  /** For what only compares, in a preview too. */
  connectForReading(connection: GraphConnection): FreshReads;
  connectForWriting(connection: GraphConnection): LicenseWrites;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Live text in a resource's row. May be called at any rate; the display is throttled. */
  status(urn: string, text: string): Promise<void>;
  /** A permanent line under the resource. */
  say(urn: string, text: string): Promise<void>;
  /** The reason to end after the current unit (a stop was requested, or the engine has ended); `null` to go on. */
  stopReason(urn: string): Promise<string | null>;
  /** The reason to end a wait that only reads: Ctrl-C was pressed. A part that writes runs to its end. */
  interruption(): string | null;
}
