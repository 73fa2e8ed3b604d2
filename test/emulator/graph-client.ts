import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { Emulator } from "../../emulator";
import type { Wire } from "./wire";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body, where it is JSON. */
  readonly json: Wire;
}

type Headers = Readonly<Record<string, string>>;

/** Talks to the embedded Graph over real HTTPS, trusting nothing but its certificate, signed in as one of its apps. */
export class GraphClient {
  readonly #agent: Agent;
  #token = "";

  private constructor(
    readonly emulator: Emulator,
    readonly app: string | undefined,
  ) {
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(emulator.caFile) });
  }

  static async signIn(emulator: Emulator, app?: string): Promise<GraphClient> {
    const client = new GraphClient(emulator, app);
    await client.renew();
    return client;
  }

  static signedOut(emulator: Emulator): GraphClient {
    return new GraphClient(emulator, undefined);
  }

  /** Another token, as the app is now. */
  async renew(): Promise<void> {
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = this.emulator.credentials(this.app);
    const answer = await this.token(AZURE_TENANT_ID, {
      client_id: AZURE_CLIENT_ID,
      client_secret: AZURE_CLIENT_SECRET,
    });
    assert.equal(answer.status, 200, answer.text);
    this.#token = answer.json.access_token;
  }

  /** The token request itself, with what the test wants to have different. */
  token(tenant: string, form: Readonly<Record<string, string>>): Promise<Answer> {
    const whole = { grant_type: "client_credentials", scope: "https://graph.microsoft.com/.default", ...form };
    return this.raw("POST", `/${tenant}/oauth2/v2.0/token`, new URLSearchParams(whole).toString(), {
      "content-type": "application/x-www-form-urlencoded",
    });
  }

  get(path: string, headers: Headers = {}): Promise<Answer> {
    return this.send("GET", path, undefined, headers);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.send("POST", path, body);
  }

  send(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    const url = path.startsWith("https:") ? new URL(path) : new URL(`/v1.0${path}`, this.emulator.url);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type: Headers = text === undefined ? {} : { "content-type": "application/json" };
    const whole = { authorization: `Bearer ${this.#token}`, ...type, ...headers };
    return this.raw(method, url.pathname + url.search, text, whole);
  }

  /** Every object of a list, by its next links. */
  async all(path: string): Promise<{ objects: Wire[]; pages: number }> {
    const objects: Wire[] = [];
    let pages = 0;
    for (let next: string | undefined = path; next !== undefined; pages++) {
      const answer: Answer = await this.get(next);
      assert.equal(answer.status, 200, answer.text);
      objects.push(...answer.json.value);
      next = (answer.json as Partial<Wire>)["@odata.nextLink"];
    }
    return { objects, pages };
  }

  raw(method: string, path: string, body?: string, headers: Headers = {}): Promise<Answer> {
    return new Promise((done, fail) => {
      const options = { method, headers: { ...headers, "content-length": Buffer.byteLength(body ?? "") } };
      const outgoing = request(new URL(path, this.emulator.url), { ...options, agent: this.#agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const json = (text.startsWith("{") ? JSON.parse(text) : {}) as Wire;
          done({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      });
      outgoing.on("error", fail);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** An answer must be this failure, in these words. */
export function assertError(answer: Answer, status: number, code: string, message: string | RegExp): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.error.code, code);
  if (typeof message === "string") assert.equal(answer.json.error.message, message);
  else assert.match(answer.json.error.message, message);
}
