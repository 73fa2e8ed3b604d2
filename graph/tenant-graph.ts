import { connectHttp, type ConnectExtra, type GraphConnection } from "./connection";
import { Diagnostics } from "./diagnostics/diagnostics";
import { FreshReads } from "./reads/fresh-reads";
import type { TenantReads } from "./reads/tenant-reads";
import { LicenseWrites } from "./writes/license-writes";

export { missingFor, nextFor, OPERATIONS } from "./diagnostics/permissions";
export type { Operation, OperationFacts, Part } from "./diagnostics/permissions";
export type { Probed } from "./diagnostics/probes";
export { isLoginOfPipeline } from "./signin/credential";
export { CREDENTIALS_PREFIX, signInEnvironment } from "./signin/sign-in-environment";
export type { SignedIn } from "./signin/token-claims";
export type { RequestEvent, RequestObserver } from "./client/call";
export type { CloudEndpoints, CloudName } from "./signin/clouds";
export type { ConnectExtra, GraphConnection } from "./connection";
export type { WriteOutcome } from "./writes/direct-assignments";
export type { GroupChangeRecord } from "./reads/group-changes";
export type { GroupEvidence } from "./reads/group-evidence";
export type { GroupUses } from "./reads/group-uses";
export type { GroupsWithNested } from "./reads/groups-with-nested";
export type { LicenseChangeRecords } from "./reads/license-changes";
export type { PaceStatus, Wait } from "./pacing/pacer";
export type { Limit } from "./pacing/quotas";
export type { WriteReservation } from "./pacing/write-reservation";
export type { Prospect } from "./pacing/window";
export { SharedPacers } from "./pacing/shared-pacers";
export type { Sleep, WaitCause } from "./client/pauses";
export type { JoinOutcome } from "./writes/group-members";
export type { FreshUsers } from "./reads/fresh-users";
export type { DiscoveredUserPage } from "./reads/tenant-reads";
export { unreadEnd, whyEndsUnread } from "./reads/membership-ends";
export type { EndsByUser } from "./reads/membership-ends";
export type { Found } from "./reads/reads-by-id";
export type { RuleEvaluation } from "./reads/rule-evaluation";
export type { TenantIdentity, TenantVerdict } from "./signin/tenant-identity";

export type { Diagnostics, FreshReads, LicenseWrites, TenantReads };

/**
 * A tenant that can be read and not written to. The program, `plan`, `discover` and a rehearsal's copy connect here. No
 * I/O: the first request signs in.
 */
export function connectForReading(connection: GraphConnection, extra: ConnectExtra = {}): FreshReads {
  return new FreshReads(connection, connectHttp(connection, extra));
}

/** A tenant that can be read and written to: for the providers of an `up`. No I/O: the first request signs in. */
export function connectForWriting(connection: GraphConnection, extra: ConnectExtra = {}): LicenseWrites {
  return new LicenseWrites(connection, connectHttp(connection, extra));
}

/** A tenant that `doctor` may question. No I/O: the first request signs in. */
export function connectForDiagnosis(connection: GraphConnection, extra: ConnectExtra = {}): Diagnostics {
  return new Diagnostics(connection, connectHttp(connection, extra));
}
