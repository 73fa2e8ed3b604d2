/** A request and its answer, as bodies that are not text yet. */
export interface Exchange {
  readonly method: string;
  /** With the version and the query. */
  readonly url: string;
  readonly body: unknown;
  readonly status: number;
  /** Absent: an answer without a body. */
  readonly answer?: unknown;
}
