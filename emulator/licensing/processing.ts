import type { Directory } from "../directory/directory";
import type { Cause, Group, Guid, License, User, ViolationCause } from "../directory/entities";
import type { AuditLog } from "../evidence/audit-log";
import { assignmentKey, reconcile } from "./inherit";

export interface ProcessingOptions {
  /** Delay from a change of a group's licences to the first changes of members. */
  readonly queueMs: number;
  readonly usersPerSecond: number;
  /** Delays from joining or leaving a group to the change of licences. */
  readonly joinMs: number;
  readonly leaveMs: number;
  /** Delay from a change of a membership rule to the change of members. */
  readonly ruleMs: number;
}

export const defaultProcessing: ProcessingOptions = {
  queueMs: 500,
  usersPerSecond: 400,
  joinMs: 60_000,
  leaveMs: 60_000,
  ruleMs: 2_000,
};

const stepMs = 100;

/** Entra's background processing of licences: in steps, by the tenant's clock, with the cause of the change that triggered it. */
export class Processing {
  readonly #forced = new Map<string, ViolationCause>();
  /** Groups in processing, each with the cause of a change made meanwhile, which needs another round. */
  readonly #again = new Map<Guid, Cause | undefined>();

  constructor(
    readonly directory: Directory,
    readonly audit: AuditLog,
    readonly options: ProcessingOptions,
  ) {}

  groupChanged(group: Group, before: readonly License[], cause: Cause): void {
    this.audit.groupLicensesSet(group, before, cause);
    if (this.#again.has(group.id)) {
      this.#again.set(group.id, cause);
      return;
    }
    this.#queue(group, cause);
  }

  membershipChanged(group: Group, user: User, cause: Cause): void {
    if (group.licenses.length === 0 && !this.directory.licenses.heirs(group.id).has(user.id)) return;
    const joined = group.userMembers.has(user.id);
    this.directory.clock.after(joined ? this.options.joinMs : this.options.leaveMs, () => {
      if (this.directory.users.get(user.id) === user && this.directory.groups.get(group.id) === group)
        this.#reconcile(user, group, background(cause, joined ? "joined a group" : "left a group"));
    });
  }

  /** Recomputes all inherited licences of the user immediately. */
  reprocess(user: User, cause: Cause): void {
    const groups = new Set(this.directory.groupsOf(user.id));
    for (const { assignedByGroup } of user.holdings.assignments) {
      const group = this.directory.groups.get(assignedByGroup ?? "");
      if (group) groups.add(group);
    }
    for (const group of groups) {
      if (group.licenses.length > 0 || this.directory.licenses.heirs(group.id).has(user.id))
        this.#reconcile(user, group, background(cause, "reprocessed"));
    }
  }

  forceError(userId: Guid, skuId: Guid, groupId: Guid, error: ViolationCause | null): void {
    const key = assignmentKey(userId, skuId, groupId);
    if (error) this.#forced.set(key, error);
    else this.#forced.delete(key);
  }

  /** Applies a group's licences to all members at once, without audit rows, for a tenant that starts with licensed groups. */
  settle(group: Group, cause: Cause, skip: ReadonlySet<Guid>): void {
    for (const userId of group.userMembers) {
      const user = this.directory.users.get(userId);
      if (user && !skip.has(userId)) reconcile(this.directory, user, group, cause, this.#forced);
    }
    group.processingState = "ProcessingComplete";
  }

  /** Continues an unfinished processing of a newly loaded tenant. */
  goOn(group: Group, cause: Cause): void {
    const state = group.processingState;
    if (state === null || state === "ProcessingComplete") return;
    this.#queue(group, cause);
    group.processingState = state;
  }

  #queue(group: Group, cause: Cause): void {
    this.#again.set(group.id, undefined);
    group.processingState = "QueuedForProcessing";
    this.directory.clock.after(this.options.queueMs, () => this.#begin(group, background(cause, "group licences")));
  }

  #begin(group: Group, cause: Cause): void {
    group.processingState = "ProcessingInProgress";
    this.audit.groupProcessingStarted(group);
    const members = new Set([...group.userMembers, ...this.directory.licenses.heirs(group.id).list()]);
    this.#step(group, [...members], 0, { applied: 0, failed: 0 }, cause);
  }

  #step(group: Group, members: Guid[], from: number, count: { applied: number; failed: number }, cause: Cause): void {
    if (this.directory.groups.get(group.id) !== group) {
      this.#again.delete(group.id);
      return;
    }
    const until = from + Math.max(1, Math.round((this.options.usersPerSecond * stepMs) / 1000));
    for (const userId of members.slice(from, until)) {
      const user = this.directory.users.get(userId);
      if (!user) continue;
      if (this.#reconcile(user, group, cause)) count.applied++;
      else count.failed++;
    }
    if (until < members.length)
      this.directory.clock.after(stepMs, () => this.#step(group, members, until, count, cause));
    else this.directory.clock.after(stepMs, () => this.#finish(group, count));
  }

  #finish(group: Group, count: { applied: number; failed: number }): void {
    this.audit.groupProcessingFinished(group, count.applied, count.failed);
    const again = this.#again.get(group.id);
    this.#again.delete(group.id);
    if (again) this.#queue(group, again);
    else group.processingState = "ProcessingComplete";
  }

  #reconcile(user: User, group: Group, cause: Cause): boolean {
    return reconcile(this.directory, user, group, cause, this.#forced) !== "failed";
  }
}

function background(cause: Cause, what: string): Cause {
  return { ...cause, what: `${what}, after: ${cause.what}`, inBackground: true };
}
