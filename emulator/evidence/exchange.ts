/** A request and its response, with parsed bodies. */
export interface Exchange {
  readonly method: string;
  /** With the version and the query. */
  readonly url: string;
  readonly body: unknown;
  readonly status: number;
  /** Absent if the response has no body. */
  readonly answer?: unknown;
}
