/** Microsoft Graph's limits, each with its source, and our own. */

/** Requests in one `$batch`: https://learn.microsoft.com/graph/json-batching#batch-size-limitations */
export const REQUESTS_PER_BATCH = 20;

/** The largest `$top` for users, groups and members: https://learn.microsoft.com/graph/api/user-list */
export const LARGEST_PAGE = 999;

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

/** Ours: if a listing has more users without licence data than this, the listing itself is wrong. */
export const MOST_UNREADABLE = 20;

/**
 * Ours: a unit reads, proves and writes within seconds, and its token is not renewed between the proof and the write.
 */
export const TOKEN_FOR_A_UNIT_MS = 60_000;

/** A token is renewed this long before it expires, the margin of Microsoft's own library. */
export const TOKEN_RENEWAL_MARGIN_MS = 5 * 60_000;
