import { setTimeout as sleep } from "node:timers/promises";

/** As Microsoft's own client libraries do it without being told otherwise: three tries more, after what Graph asks or three seconds. */
const RETRIES = 3;
const RETRY_AFTER_SECONDS = 3;
const RETRIED: ReadonlySet<number> = new Set([429, 503, 504]);
const UNAVAILABLE = 503;

/** The client that a script has: a token, one request after the other, the usual retries. */
export class SampleClient {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(url: string): Promise<SampleClient> {
    const { AZURE_TENANT_ID = "", AZURE_CLIENT_ID = "", AZURE_CLIENT_SECRET = "" } = process.env;
    const form = {
      grant_type: "client_credentials",
      scope: `${url}/.default`,
      client_id: AZURE_CLIENT_ID,
      client_secret: AZURE_CLIENT_SECRET,
    };
    const body = new URLSearchParams(form);
    const answer = await fetch(`${url}/${AZURE_TENANT_ID}/oauth2/v2.0/token`, { method: "POST", body });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return new SampleClient(url, token);
  }

  get<T>(path: string): Promise<T> {
    return this.#send(path, {}) as Promise<T>;
  }

  async post(path: string, body: object): Promise<void> {
    await this.#send(path, { method: "POST", body: JSON.stringify(body) });
  }

  async all<T>(path: string): Promise<T[]> {
    const values: T[] = [];
    for (let next: string | undefined = path; next !== undefined;) {
      const page: { value: T[]; "@odata.nextLink"?: string } = await this.get(next);
      values.push(...page.value);
      next = page["@odata.nextLink"];
    }
    return values;
  }

  async #send(path: string, request: RequestInit): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    const url = path.startsWith("https:") ? path : `${this.url}/v1.0${path}`;
    for (let tried = 0; ; tried += 1) {
      const answer = await fetch(url, { ...request, headers }).catch((error: unknown) => unanswered(request, error));
      const body: unknown = await answer.json();
      if (answer.ok) return body;
      if (tried === RETRIES || !RETRIED.has(answer.status)) throw new Error(`${answer.status} for ${path}`);
      await sleep(1000 * Number(answer.headers.get("retry-after") ?? RETRY_AFTER_SECONDS));
    }
  }
}

/** The connection broke. Reads are retried, because a missing page would skip all users behind it. Writes are not. */
function unanswered({ method }: RequestInit, error: unknown): Response {
  if (method !== undefined) throw error;
  return Response.json({}, { status: UNAVAILABLE });
}
