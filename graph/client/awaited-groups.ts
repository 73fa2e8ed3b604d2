import { GUID_PATTERN, type Guid } from "../../licensing/model";
import type { GraphFailure } from "./failure";
import type { RequestKind } from "./retry";

/**
 * Groups that this run created or has read before: a 404 about one of them means "not yet". Graph's replicas learn of a
 * new group one by one, so a 404 can occur for some seconds, also after a first successful answer.
 */
export type AwaitedGroups = ReadonlySet<Guid>;

export const NO_GROUPS: AwaitedGroups = new Set();

const GROUP = new RegExp(`/groups/(${GUID_PATTERN})`, "i");

/**
 * True if the request is about one of the `awaited` groups.
 *
 * @param url relative, or a next link
 */
export function isAwaited(url: string, awaited: AwaitedGroups): boolean {
  if (awaited.size === 0) return false;
  const id = GROUP.exec(url)?.[1];
  return id !== undefined && awaited.has(id.toLowerCase());
}

/**
 * Turns "not found" for an awaited group into `notYet`, for writes alone: the sender decides again. A read has been
 * retried before this point, so its "not found" is final.
 */
export function orNotYet(failure: GraphFailure, kind: RequestKind, url: string, awaited: AwaitedGroups): GraphFailure {
  const isEarly = failure.kind === "notFound" && kind !== "read" && isAwaited(url, awaited);
  return isEarly ? { kind: "notYet", id: failure.id } : failure;
}
