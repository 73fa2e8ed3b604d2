/**
 * Every number of a request to Graph, once: Microsoft's with its source, ours with the reason. Quotas are in
 * `pacing/quotas.ts`; how long writes and waits of a provider go on, in `dynamic-providers/writing/limits.ts`.
 */

/** Requests in one `$batch`: https://learn.microsoft.com/graph/json-batching#batch-size-limitations */
export const REQUESTS_PER_BATCH = 20;

/** The largest `$top` for users, groups and members: https://learn.microsoft.com/graph/api/user-list */
export const LARGEST_PAGE = 999;

/** The longest value of `eq` without an advanced query: https://learn.microsoft.com/graph/known-issues */
export const LONGEST_FILTER_VALUE = 120;

/** The longest URL of an advanced query, 2,048 characters by the same page, less the longest host and version. */
export const LONGEST_ADVANCED_QUERY = 2_048 - 60;

/** References in one `members@odata.bind`: https://learn.microsoft.com/graph/api/group-post-members */
export const REFERENCES_PER_WRITE = 20;

/**
 * Ours: batches of reads in flight. 4 × 20 reads of a user (1 resource unit each) take 80 of the 3,500 units per 10 s
 * that the smallest tenant has: https://learn.microsoft.com/graph/throttling-limits
 */
export const READ_BATCHES_IN_FLIGHT = 4;

/**
 * Ours: the most pages of the audit log that are read, of 999 records each. The log allows 5 requests per 10 s, so they
 * take 20 s: https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits
 */
export const AUDIT_PAGES = 10;

/** Ours: the longest total wait for the audit log, which is evidence for people and blocks nothing. */
export const AUDIT_PATIENCE_MS = 25_000;

/** Ours: members in error that are counted of a group. A wave does not begin after far fewer. */
export const ERRORS_COUNTED = 100;

/**
 * Ours: groups that are listed at the same time. 4 × 3 units a page, of the 3,500 units per 10 s of the smallest
 * tenant.
 */
export const GROUP_LISTINGS_IN_FLIGHT = 4;

/**
 * Ours: a page of 999 users with licence states takes seconds, and a stop must end the current work within a minute.
 */
export const REQUEST_TIMEOUT_MS = 45_000;

/** Ours: `az login` takes seconds to issue a token. An authority that is silent for longer will not answer. */
export const SIGN_IN_TIMEOUT_MS = 30_000;

/** Ours: the OpenID configuration is a small public document. */
export const OPEN_ID_TIMEOUT_MS = 10_000;

/** Ours: a longer `Retry-After` is reported as an error, so that a person sees it. */
export const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * Ours: repetitions of a request before its answer is final. `throttled`: Graph says when to come back. `unavailable`
 * and `unreachable`: 32 and 4 seconds at most. `notYet`: at the poll intervals below, about `NEW_GROUP_AWAITED_MS`.
 */
export const REPETITIONS = { throttled: 20, unavailable: 6, unreachable: 3, notYet: 14 } as const;

/** Ours: where Graph gives no time, the pause before a repetition doubles from the first to the longest. */
export const FIRST_BACKOFF_MS = 500;
export const LONGEST_BACKOFF_MS = 30_000;

/** Ours: for a refusal without a time after which the request is not sent again. */
export const THROTTLED_WITHOUT_TIME_MS = 1_000;

/**
 * Ours: the interval at which Entra's background work is looked at again doubles from the first, because small groups
 * are quick, to the longest, at which a log also shows that a gate still waits.
 */
export const FIRST_POLL_MS = 1_000;
export const LONGEST_POLL_MS = 10_000;

/** Ours: all replicas of Entra know a new group after a minute or so. */
export const NEW_GROUP_AWAITED_MS = 2 * 60_000;

/** Ours: if a listing has more users without licence data than this, the listing itself is wrong. */
export const MOST_UNREADABLE = 20;

/**
 * Ours: a unit reads, proves and writes within seconds, and its token is not renewed between the proof and the write.
 */
export const TOKEN_FOR_A_UNIT_MS = 60_000;

/** A token is renewed this long before it expires, the margin of Microsoft's own library. */
export const TOKEN_RENEWAL_MARGIN_MS = 5 * 60_000;

/** Ours: the library's default takes 7 s to report that the authority does not answer. */
export const SIGN_IN_RETRIES = { maxRetries: 2, retryDelayInMs: 400 };

/** The clock skew that Kerberos and tokens tolerate. */
export const TOLERATED_SKEW_MS = 5 * 60_000;

/** Ours: longer than any answer takes. A reading this far behind the others means that this machine's clock was changed. */
export const CLOCK_WAS_SET_MS = 2 * 60_000;

/** Ours: groups of which doctor looks for one with members, if no group is declared: one batch. */
export const GROUPS_PROBED = REQUESTS_PER_BATCH;

/** How long Entra keeps its audit log: https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention */
export const AUDIT_LOG_KEPT_MS = 30 * 24 * 3_600_000;

/** How long Entra keeps a deleted group restorable: https://learn.microsoft.com/graph/api/directory-deleteditems-get */
export const DELETED_GROUP_KEPT_MS = 30 * 24 * 3_600_000;
