import type { Guid } from "../../licensing/model";
import type { GraphFailure } from "./failure";
import type { RequestKind } from "./retry";

/**
 * Groups that this run made, or saw earlier: a 404 about one of them says "not yet". Graph's replicas learn of a new group one after the
 * other, so it may answer 404 for seconds, and again after it answered once.
 */
export type AwaitedGroups = ReadonlySet<Guid>;

export const NO_GROUPS: AwaitedGroups = new Set();

const GROUP = /\/groups\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i;

/** @param url relative, or a next link */
export function isAwaited(url: string, awaited: AwaitedGroups): boolean {
  if (awaited.size === 0) return false;
  const id = GROUP.exec(url)?.[1];
  return id !== undefined && awaited.has(id.toLowerCase());
}

/** A write that met "not found" is decided again by its sender; a read has been repeated by then, and what it found is final. */
export function orNotYet(failure: GraphFailure, kind: RequestKind, url: string, awaited: AwaitedGroups): GraphFailure {
  const isEarly = failure.kind === "notFound" && kind !== "read" && isAwaited(url, awaited);
  return isEarly ? { kind: "notYet", id: failure.id } : failure;
}
