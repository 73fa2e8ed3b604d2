import type { Assignment, Emulator, License } from "../../emulator";
import { LONGEST_WAIT_MS } from "../../graph/client/limits";
import { GroupWitness, type GroupWrite } from "./group-witness";
import type { Seen, SeenOfUser, Statuses, Truth } from "./truth";
import type { TruthOfMoves, Way } from "./truth-of-moves";

/** One request as it goes out: an item of a batch, or by itself. */
interface Sent {
  readonly id?: string;
  readonly method: string;
  readonly url: string;
  readonly body?: {
    readonly addLicenses?: readonly License[];
    readonly removeLicenses?: readonly string[];
    readonly "members@odata.bind"?: readonly string[];
    readonly "@odata.id"?: string;
  };
}

/** A user that the program took out of a group, from its read to its write. */
export interface Departure {
  readonly way: Way;
  readonly readMs: number;
  readonly sentMs: number;
  /** Plans that the group gave the user. */
  readonly gave: ReadonlySet<string>;
  /** In a rollback: plans that the user had before the move. */
  readonly keep?: ReadonlySet<string>;
}

interface Look<T> {
  readonly number: number;
  readonly atMs: number;
  readonly saw: T;
}

const ENDS_READ = /assignmentScheduleInstances\?\$filter=groupId%20eq%20'([0-9a-f-]{36})'/;
const MEMBERS_READ =
  /^(?:\/v1\.0)?\/groups\/([0-9a-f-]{36})\/members\/microsoft\.graph\.user\?.*licenseAssignmentStates/;
const GROUP_READ = /^(?:\/v1\.0)?\/groups\/([0-9a-f-]{36})\?/;
const OF_GROUPS = /^(?:\/v1\.0)?\/(subscribedSkus|groups\/[0-9a-f-]{36}(\?|\/members\/microsoft))/;
const GROUP_WRITE = /\/groups\/([0-9a-f-]{36})\/assignLicense$/;
const USER_READ = /^\/users\/([0-9a-f-]{36})(?:\/memberOf)?\?/;
const WRITE = /\/users\/([0-9a-f-]{36})\/assignLicense$/;
const LEAVE = /\/groups\/([0-9a-f-]{36})\/members\/([0-9a-f-]{36})\/\$ref$/;
const JOIN = /\/groups\/([0-9a-f-]{36})(?:\/members\/\$ref)?$/;

/**
 * Stands between the program and Graph and judges every write by what the program had been shown: that the last reads of the
 * user and of the memberships, and a read of the groups made with them, justify the removal, that no read serves for two
 * removals, that the removal is on record, and that no two writes for one user are under way at a time.
 */
export class Witness {
  readonly violations: string[] = [];
  /** SKUs that a call of the program has added to a user while it removed another one. */
  readonly swapped = new Map<string, Set<string>>();
  /** Direct licences that went in such a call, as `user SKU`. */
  readonly swappedAway = new Set<string>();
  /** When each user with a removal was read for it, and when it was sent. */
  readonly removals = new Map<string, { readonly readMs: number; readonly sentMs: number }[]>();
  /** Users that the program took out of a group. */
  readonly departures = new Map<string, Departure[]>();
  /** Groups that the program has put users into, as `user group`. */
  readonly joined = new Set<string>();
  /** The same for writes to groups. */
  readonly groups: GroupWitness;
  /** Calls that put a swapped licence back, and with it took back what the swap had added. */
  takenBack = 0;
  #number = 0;
  #began = 0;
  readonly #users = new Map<string, Look<SeenOfUser>>();
  readonly #memberships = new Map<string, Look<ReadonlySet<string>>>();
  /** All of a run: several units look at the groups, each for its own users. */
  readonly #groups: Look<Seen["groups"][number]>[] = [];
  readonly #skus: Look<Statuses>[] = [];
  /** Seats that were free by the last list of SKUs, without those for users that have been put into a group since. */
  readonly #free = new Map<string, number>();
  /** Plans of direct licences that the program removed from users. */
  readonly #removed = new Map<string, Set<string>>();
  /** Users with an ending membership of a group, as it was shown. */
  readonly #ends: Look<{ readonly groupId: string; readonly userIds: ReadonlySet<string> }>[] = [];
  /** When a user was first read again since the last write. */
  readonly #asked = new Map<string, number>();
  readonly #lastWrite = new Map<string, number>();
  readonly #underWay = new Set<string>();
  /** Until when a request must not be sent again, by method and URL. */
  readonly #waits = new Map<string, number>();

  constructor(
    private readonly emulator: Pick<Emulator, "clock" | "fetch">,
    private readonly truth: Truth,
    private readonly record: Recorded,
    private readonly moves: TruthOfMoves,
  ) {
    this.groups = new GroupWitness(truth, record.isLeaving);
  }

  /** A run begins: what an earlier one has read counts for nothing. */
  begin(): void {
    this.#began = ++this.#number;
    this.#groups.length = 0;
    this.#skus.length = 0;
    this.#ends.length = 0;
    this.#asked.clear();
    this.groups.begin();
  }

  /** The way to Graph, past this witness. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const sent = requestsIn(input as string, init);
    for (const each of sent) {
      const early = this.emulator.clock.now().getTime() < (this.#waits.get(`${each.method} ${each.url}`) ?? 0);
      if (early && !this.#looksAfter(each)) this.violations.push(`${each.url} was sent before its Retry-After`);
    }
    const mine = sent.flatMap((each) => WRITE.exec(each.url)?.[1] ?? leaving(each)?.userId ?? []);
    for (const userId of mine) {
      if (this.#underWay.has(userId)) this.violations.push(`two writes for user ${userId} at a time`);
      this.#underWay.add(userId);
    }
    for (const each of sent) {
      const { url, body } = each;
      const leaves = leaving(each);
      if (leaves !== null) this.#judgeLeaving(leaves.userId, leaves.groupId);
      this.#judgeJoining(each);
      const write = groupWrite(each);
      if (write !== null) this.groups.judge(write, this.#nowMs());
      const userId = WRITE.exec(url)?.[1] ?? leaves?.userId;
      if (userId === undefined) continue;
      if ((body?.removeLicenses ?? []).length > 0)
        this.#judge(userId, body?.removeLicenses ?? [], body?.addLicenses ?? []);
      this.#lastWrite.set(userId, ++this.#number);
      this.#asked.delete(userId);
    }
    for (const { method, url } of sent) {
      const userId = method === "GET" ? USER_READ.exec(url)?.[1] : undefined;
      if (userId !== undefined && !this.#asked.has(userId)) this.#asked.set(userId, ++this.#number);
    }
    try {
      const response = await this.emulator.fetch(input, init);
      return await this.#answered(sent, response);
    } finally {
      for (const userId of mine) this.#underWay.delete(userId);
    }
  };

  /** Remembers what the program was shown, and what it was asked to wait for: the whole request, or items of a batch. */
  async #answered(sent: readonly Sent[], response: Response): Promise<Response> {
    const isBatch = sent.some(({ id }) => id !== undefined);
    if (!isBatch || response.status !== 200) {
      for (const each of sent) {
        this.#wait(each, response.status, response.headers.get("retry-after"));
        if (each.method === "GET" && response.status === 200 && OF_GROUPS.test(each.url))
          this.#shownOfGroup(each.url, (await response.json()) as Shown);
      }
      return response;
    }
    const { responses = [] } = (await response.json()) as Answers;
    for (const { id, status, headers, body } of responses) {
      const each = sent.find((request) => request.id === id);
      if (each === undefined) continue;
      this.#wait(each, status, headers?.["retry-after"] ?? null);
      const isSwap = [each.body?.addLicenses, each.body?.removeLicenses].every((list) => (list ?? []).length > 0);
      if (status === 403 || (status === 400 && isSwap)) this.#refused(each);
      if (each.method !== "GET" || status !== 200) continue;
      this.#shown(each.url, body);
      this.#shownOfGroup(each.url, body);
    }
    return response;
  }

  #refused(sent: Sent): void {
    const { url } = sent;
    const leaves = leaving(sent);
    if (leaves !== null) this.moves.refuse(leaves.userId, leaves.groupId);
    const joins = joining(sent);
    for (const joiningId of joins?.userIds ?? []) this.moves.refuse(joiningId, joins?.groupId ?? "");
    const userId = WRITE.exec(url)?.[1];
    const seen = this.#users.get(userId ?? "")?.saw;
    if (userId !== undefined && seen !== undefined) this.truth.refuse(userId, seen);
  }

  /**
   * A 5xx besides 503 says nothing about whether a write was done: that is read first, and not waited for. A read that
   * Graph wants later than a run waits is given up by its unit; another unit may still ask for the same group.
   */
  #wait({ method, url }: Sent, status: number, seconds: string | null): void {
    const isGivenUp = method === "GET" && Number(seconds) * 1_000 > LONGEST_WAIT_MS;
    if (seconds === null || isGivenUp || (status !== 429 && status !== 503)) this.#waits.delete(`${method} ${url}`);
    else this.#waits.set(`${method} ${url}`, this.emulator.clock.now().getTime() + Number(seconds) * 1_000);
  }

  #shown(url: string, body: Shown): void {
    if (url.startsWith("/subscribedSkus")) {
      const { statuses, free } = skusIn(body);
      this.#skus.push(this.#look(statuses));
      for (const [skuId, seats] of free) this.#free.set(skuId, seats);
      return;
    }
    const groupId = ENDS_READ.exec(url)?.[1];
    if (groupId !== undefined) {
      const ending = (body.value ?? []).filter(
        ({ endDateTime, accessId }) => endDateTime != null && accessId === "member",
      );
      this.#ends.push(this.#look({ groupId, userIds: new Set(ending.map(({ principalId = "" }) => principalId)) }));
      return;
    }
    const [, set, id = "", of] = /^\/(users|groups)\/([0-9a-f-]{36})(\/memberOf)?\?/.exec(url) ?? [];
    if (set === "groups") {
      const { assignedLicenses: licenses = [], licenseProcessingState } = body;
      this.#groups.push(this.#look({ id, licenses, processingState: licenseProcessingState?.state ?? null }));
    } else if (of !== undefined) {
      this.#memberships.set(id, this.#look(new Set((body.value ?? []).map((group) => group.id))));
    } else if (set === "users") {
      const { licenseAssignmentStates: assignments = [], usageLocation: location = null } = body;
      const { isManagementRestricted: isRestricted = false } = body;
      this.#users.set(id, this.#look({ assignments, location, isRestricted }));
    }
  }

  /** What a write to a group may rest on. */
  #shownOfGroup(url: string, body: Shown): void {
    const { value = [], assignedLicenses: licenses = [], licenseProcessingState } = body;
    if (url.includes("/subscribedSkus?")) {
      const { statuses, free } = skusIn(body);
      this.groups.skus(statuses, free);
    }
    const groupId = MEMBERS_READ.exec(url)?.[1];
    if (groupId !== undefined) {
      const members = value.map(
        ({ id, licenseAssignmentStates = [], usageLocation = null, isManagementRestricted }) => {
          const isRestricted = isManagementRestricted === true;
          return [id, { assignments: licenseAssignmentStates, location: usageLocation, isRestricted }] as const;
        },
      );
      this.groups.members(groupId, new Map(members));
    }
    const readId = GROUP_READ.exec(url)?.[1];
    if (readId !== undefined)
      this.groups.group(readId, { licenses, processingState: licenseProcessingState?.state ?? null });
  }

  /** Reading back written users comes before all else: they may be without a service. */
  #looksAfter({ method, url }: Sent): boolean {
    if (method !== "GET") return false;
    // What a membership ends by, and the SKUs behind a licence, are read with the groups.
    const ofGroups = /^\/(subscribedSkus|identityGovernance\/)/.test(url) ? ["", "groups"] : null;
    const [, set, id = ""] = ofGroups ?? /^\/(users|groups)\/([0-9a-f-]{36})(?:\/memberOf)?(?:\?|$)/.exec(url) ?? [];
    const written = set === "users" ? [this.#lastWrite.get(id) ?? 0] : [...this.#lastWrite.values()];
    return set !== undefined && written.some((number) => number > this.#began);
  }

  /** Out of a group go members whose plans stay, as they were read for it: on record, and in a rollback only those that it had put in. */
  #judgeLeaving(userId: string, groupId: string): void {
    const blame = (why: string) => this.violations.push(`user ${userId} left group ${groupId}: ${why}`);
    const since = Math.max(this.#began, this.#lastWrite.get(userId) ?? 0);
    const [user, memberships] = [this.#users.get(userId), this.#memberships.get(userId)];
    if (user === undefined || memberships === undefined || Math.min(user.number, memberships.number) <= since) {
      blame("no read was made for it");
      return;
    }
    const looks = this.#looksAtGroups(userId).flatMap((groups) =>
      this.#standings(userId).map((standing): Seen => ({
        ...user.saw,
        memberOf: memberships.saw,
        groups,
        ...standing,
      })),
    );
    const [last] = looks;
    if (last === undefined) {
      blame("what it rests on was not read");
      return;
    }
    const ways = this.moves
      .out(groupId)
      .map((way) => ({ way, ...(way.isBack && { keep: this.#before(userId, way) }) }));
    const [first] = ways;
    const kept = ways.find(({ way, keep }) => looks.some((seen) => this.moves.mayLeave(way, seen, keep)));
    if (kept === undefined || first === undefined) {
      const lost = first === undefined ? "" : this.moves.lost(first.way, last, first.keep).join(", ");
      blame(`what was read does not keep its plans (${lost})`);
    }
    const { way } = kept ?? first ?? { way: { leaveId: groupId, joinId: "", isBack: false } };
    if (way.isBack && !this.joined.has(`${userId} ${groupId}`)) blame("the program had not put it there");
    if (!way.isBack && !this.record.isMoving(userId, way.leaveId, way.joinId)) blame("it is not on record");
    const given = this.moves.given(user.saw.assignments, groupId, last.statuses);
    const gave = new Set(given.flatMap((license) => this.truth.plansOf(license)));
    const departure = { way, readMs: user.atMs, sentMs: this.#nowMs(), gave };
    const keep = way.isBack ? { keep: this.#before(userId, way) } : {};
    this.departures.set(userId, [...(this.departures.get(userId) ?? []), { ...departure, ...keep }]);
  }

  /** Plans that a user had before a move: by the old group, or directly. */
  #before(userId: string, { joinId, leaveId }: Way): ReadonlySet<string> {
    const gave = (this.departures.get(userId) ?? [])
      .filter(({ way }) => way.leaveId === joinId && way.joinId === leaveId)
      .flatMap((each) => [...each.gave]);
    return new Set([...gave, ...(this.#removed.get(userId) ?? [])]);
  }

  /** Into a group go as many users as there were free seats: those that are about to move, or moved before. */
  #judgeJoining(sent: Sent): void {
    const joins = joining(sent);
    if (joins === null) return;
    const { userIds, groupId } = joins;
    const ways = this.moves.ways();
    for (const userId of userIds) {
      const mayJoin = ways.some(
        ({ leaveId, joinId }) =>
          (joinId === groupId && this.record.isMoving(userId, leaveId, joinId)) ||
          (leaveId === groupId &&
            (this.joined.has(`${userId} ${joinId}`) ||
              (this.departures.get(userId) ?? []).some(({ way }) => way.leaveId === leaveId))),
      );
      if (!mayJoin) this.violations.push(`user ${userId} joined group ${groupId}, and it is not on record`);
    }
    for (const { skuId } of this.#groups.findLast(({ saw }) => saw.id === groupId)?.saw.licenses ?? []) {
      const needed = userIds.filter((userId) => this.truth.lacks(userId, skuId)).length;
      if (needed > (this.#free.get(skuId) ?? 0)) this.violations.push(`more users than seats joined group ${groupId}`);
    }
    for (const userId of userIds) this.joined.add(`${userId} ${groupId}`);
  }

  #judge(userId: string, skuIds: readonly string[], added: readonly License[]): void {
    if (this.#isTakenBack(userId, skuIds, added)) {
      this.takenBack += 1;
      return;
    }
    const since = Math.max(this.#began, this.#lastWrite.get(userId) ?? 0);
    const fresh = <T>(look: Look<T> | undefined): T | null =>
      look === undefined || look.number <= since ? null : look.saw;
    const user = fresh(this.#users.get(userId));
    const memberOf = fresh(this.#memberships.get(userId));
    if (user === null || memberOf === null) {
      this.violations.push(`a removal from user ${userId} without a read made for it`);
      return;
    }
    const readMs = this.#users.get(userId)?.atMs ?? 0;
    this.removals.set(userId, [...(this.removals.get(userId) ?? []), { readMs, sentMs: this.#nowMs() }]);
    const { assignments } = user;
    const groupsAtLast = this.#looksAtGroups(userId);
    const standings = this.#standings(userId);
    const [groups] = groupsAtLast;
    const [standing] = standings;
    if (groups === undefined || standing === undefined) {
      this.violations.push(`a removal from user ${userId} without a read of what it rests on`);
      return;
    }
    for (const skuId of skuIds) {
      if (!this.record.has(userId, skuId)) this.violations.push(`${skuId} of user ${userId} is not on record`);
      if (!this.truth.isInScope(userId, skuId, memberOf))
        this.violations.push(`${skuId} of user ${userId} is no matter of the file`);
      const direct = assignments.filter((entry) => entry.assignedByGroup === null && entry.skuId === skuId);
      if (direct.length === 0) this.violations.push(`user ${userId} did not hold ${skuId} directly when read`);
      const isKept = groupsAtLast.some((groups) =>
        standings.some((standing) =>
          direct.every((license) => {
            const seen = { ...user, memberOf, groups, ...standing };
            return this.truth.mayGo(license, seen) || (added.length > 0 && this.truth.maySwap(license, added, seen));
          }),
        ),
      );
      if (!isKept) {
        const last = { ...user, memberOf, groups, ...standing };
        const lost = direct.flatMap((license) => this.truth.lostWithout(license, last));
        this.violations.push(`what was read of user ${userId} does not keep ${skuId} (${lost.join(", ")})`);
      }
      if (added.length > 0) this.swappedAway.add(`${userId} ${skuId}`);
      const plans = direct.flatMap((license) => this.truth.plansOf(license));
      this.#removed.set(userId, new Set([...(this.#removed.get(userId) ?? []), ...plans]));
    }
    for (const { skuId } of added) {
      if (!this.record.hasBridge(userId, skuId))
        this.violations.push(`${skuId} for user ${userId} is not on record as added`);
      this.swapped.set(userId, (this.swapped.get(userId) ?? new Set()).add(skuId));
    }
  }

  /** Back from a swap: what goes was added by the program, and what comes is on record as the user's own. */
  #isTakenBack(userId: string, skuIds: readonly string[], added: readonly License[]): boolean {
    return (
      added.length > 0 &&
      added.every(({ skuId }) => this.record.has(userId, skuId) && !this.record.hasBridge(userId, skuId)) &&
      skuIds.every((skuId) => this.swapped.get(userId)?.has(skuId) === true && this.record.hasBridge(userId, skuId))
    );
  }

  /** Statuses and ends as they were shown since a user was read again, in every combination, the last ones first: one of them is what the proof rests on. */
  #standings(userId: string): readonly Pick<Seen, "statuses" | "ends">[] {
    const since = this.#asked.get(userId) ?? this.#number;
    const ends = this.#ends.filter(({ number }) => number > since);
    const byMoment = ends
      .map((_, at) => new Map(ends.slice(0, at + 1).map(({ saw }) => [saw.groupId, saw.userIds])))
      .reverse();
    return this.#skus
      .filter(({ number }) => number > since)
      .reverse()
      .flatMap(({ saw: statuses }) =>
        byMoment.map((byGroup) => ({
          statuses,
          ends: new Set([...byGroup].filter(([, userIds]) => userIds.has(userId)).map(([groupId]) => groupId)),
        })),
      );
  }

  /** The groups as they were shown at each moment since a user was read again, the last ones first: one of them is what the proof rests on. */
  #looksAtGroups(userId: string): readonly Seen["groups"][] {
    const since = this.#asked.get(userId) ?? this.#number;
    const looks = this.#groups.filter(({ number }) => number > since);
    return looks
      .map((_, at) => [...new Map(looks.slice(0, at + 1).map(({ saw }) => [saw.id, saw])).values()])
      .reverse();
  }

  #nowMs(): number {
    return this.emulator.clock.now().getTime();
  }

  #look<T>(saw: T): Look<T> {
    return { number: ++this.#number, atMs: this.#nowMs(), saw };
  }
}

/** What the state has of a user's direct licences: those of before, and those that swaps have added. */
export interface Recorded {
  has(userId: string, skuId: string): boolean;
  hasBridge(userId: string, skuId: string): boolean;
  /** A run has written down that it is about to move the user. */
  isMoving(userId: string, fromId: string, toId: string): boolean;
  /** A run has written down which members have a SKU that is about to go off a group. */
  readonly isLeaving: (groupId: string, skuId: string) => boolean;
}

function leaving({ method, url }: Sent): { readonly groupId: string; readonly userId: string } | null {
  const [, groupId, userId] = (method === "DELETE" ? LEAVE.exec(url) : null) ?? [];
  return groupId === undefined || userId === undefined ? null : { groupId, userId };
}

function groupWrite({ method, url, body }: Sent): GroupWrite | null {
  const groupId = method === "POST" ? GROUP_WRITE.exec(url)?.[1] : undefined;
  return groupId === undefined ? null : { groupId, add: body?.addLicenses ?? [], remove: body?.removeLicenses ?? [] };
}

function joining({
  method,
  url,
  body,
}: Sent): { readonly groupId: string; readonly userIds: readonly string[] } | null {
  const groupId = method === "GET" ? undefined : JOIN.exec(url)?.[1];
  const one = body?.["@odata.id"];
  const members = one === undefined ? (body?.["members@odata.bind"] ?? []) : [one];
  if (groupId === undefined || members.length === 0) return null;
  return { groupId, userIds: members.flatMap((member) => /[0-9a-f-]{36}$/.exec(member)?.[0] ?? []) };
}

interface Answers {
  readonly responses?: readonly {
    readonly id: string;
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: Shown;
  }[];
}

/** A user, memberships or a group on the wire. */
interface Shown {
  readonly licenseAssignmentStates?: readonly Assignment[];
  readonly usageLocation?: string | null;
  readonly isManagementRestricted?: boolean;
  /** Groups, SKUs, or instances of time-bound memberships. */
  readonly value?: readonly {
    readonly id: string;
    readonly skuId?: string;
    readonly capabilityStatus?: string;
    readonly consumedUnits?: number;
    readonly prepaidUnits?: { readonly enabled: number };
    readonly principalId?: string;
    readonly accessId?: string;
    readonly endDateTime?: string | null;
    readonly licenseAssignmentStates?: readonly Assignment[];
    readonly usageLocation?: string | null;
    readonly isManagementRestricted?: boolean;
  }[];
  readonly assignedLicenses?: readonly License[];
  readonly licenseProcessingState?: { readonly state: Seen["groups"][number]["processingState"] };
}

function skusIn({ value = [] }: Shown): { readonly statuses: Statuses; readonly free: ReadonlyMap<string, number> } {
  return {
    statuses: new Map(value.map(({ skuId = "", capabilityStatus = "" }) => [skuId, capabilityStatus])),
    free: new Map(
      value.map(({ skuId = "", consumedUnits = 0, prepaidUnits }) => [
        skuId,
        (prepaidUnits?.enabled ?? 0) - consumedUnits,
      ]),
    ),
  };
}

/** The requests that matter one by one: those of a batch, or the one itself. */
function requestsIn(url: string, init: RequestInit | undefined): readonly Sent[] {
  const { pathname, search } = new URL(url);
  const method = init?.method ?? "GET";
  const body = typeof init?.body === "string" && init.body !== "" ? (JSON.parse(init.body) as Batch) : undefined;
  return body?.requests ?? [{ method, url: `${pathname}${search}`, ...(body === undefined ? {} : { body }) }];
}

type Batch = NonNullable<Sent["body"]> & { readonly requests?: readonly Sent[] };
