import type { TokenCredential } from "@azure/core-auth";
import type { Emulator, EmulatorOptions } from "../../emulator";
import { watchedEmulator } from "../contract/watched-emulator";
import { SharedPacers, type LicenseWrites, connectForWriting, type GraphConnection } from "../../graph/tenant-graph";
import { FakeHost, type Rig } from "../providers/rig";
import type { Weather } from "./case";
import { TENANT_ID } from "./tenant-of";

const WEATHER: Readonly<Record<Weather, EmulatorOptions>> = {
  prompt: {},
  slow: {
    processing: { queueMs: 40_000, usersPerSecond: 20, joinMs: 300_000, leaveMs: 1_000 },
    throttle: { writes: 8, writesWindowMs: 30_000 },
  },
  behind: { replicationLagMs: 90_000, processing: { leaveMs: 1_000 } },
};

/** An embedded Graph for each kind of day; each case begins with a tenant of its own in one of them. */
export type Skies = ReadonlyMap<Weather, Emulator>;

export async function openEmulators(): Promise<Skies> {
  const skies = new Map<Weather, Emulator>();
  for (const [weather, options] of Object.entries(WEATHER) as [Weather, EmulatorOptions][]) {
    skies.set(weather, await watchedEmulator({ clock: "manual", tenant: { id: TENANT_ID }, ...options }));
  }
  return skies;
}

export async function closeSkies(skies: Skies): Promise<void> {
  for (const emulator of skies.values()) await emulator.close();
}

/** The run ended as under SIGKILL: at once, and without a word to the state. */
export class Killed extends Error {}

/** The real client, from sign-in to batches, without sockets; it may be killed whenever it gives a sign of life. */
class ProofHost extends FakeHost {
  /** Signs of life until it is killed. */
  killAfter = Infinity;
  #process = 0;
  #pacers = new SharedPacers();
  #underWay = 0;

  constructor(
    private readonly graphOf: Emulator,
    private readonly fetch: typeof globalThis.fetch,
  ) {
    super(graphOf);
  }

  override connectForWriting(connection: GraphConnection): LicenseWrites {
    const mine = this.#process;
    const isAlive = () => mine === this.#process;
    return connectForWriting(connection, {
      random: () => 0,
      pacers: this.#pacers,
      credential: credentialOf(this.graphOf),
      fetch: (input, init) => (isAlive() ? this.#counted(this.fetch(input, init)) : new Promise(() => undefined)),
      pauses: {
        now: () => this.now(),
        sleep: (ms) => (isAlive() ? this.sleep(ms).then(() => null) : new Promise(() => undefined)),
      },
    });
  }

  /** The process of a run ends, and with it all begun work that has no waiter; what is on its way arrives. */
  async exit(): Promise<void> {
    this.#process += 1;
    this.#pacers = new SharedPacers();
    while (this.#underWay > 0) await new Promise((done) => setImmediate(done));
  }

  async #counted<T>(request: Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await request;
    } finally {
      this.#underWay -= 1;
    }
  }

  override status(urn: string, text: string): Promise<void> {
    this.#sign();
    return super.status(urn, text);
  }

  override stopReason(): Promise<string | null> {
    this.#sign();
    return super.stopReason();
  }

  #sign(): void {
    this.killAfter -= 1;
    if (this.killAfter < 0) throw new Killed("killed");
  }
}

export interface ProofRig extends Rig {
  readonly host: ProofHost;
}

export function rigFor(emulator: Emulator, fetch: typeof globalThis.fetch): ProofRig {
  const host = new ProofHost(emulator, fetch);
  const connection = { cloud: { graph: emulator.url, authority: emulator.url }, tenant: TENANT_ID };
  return {
    emulator,
    host,
    connection,
    graph: () => host.connectForWriting(connection),
    start: () => {
      throw new Error("a case has one tenant, from its beginning");
    },
    close: () => Promise.resolve(),
  };
}

/** One sign-in serves many cases: their tenants are one tenant to the sign-in service, and to sign a token takes time. */
const SIGN_IN_EVERY_MS = 1_800_000;
const signedIn = new WeakMap<Emulator, { readonly token: Promise<string>; readonly atMs: number }>();

function credentialOf(emulator: Emulator): TokenCredential {
  return {
    async getToken(scope) {
      let current = signedIn.get(emulator);
      if (current === undefined || Date.now() - current.atMs > SIGN_IN_EVERY_MS) {
        current = { token: signIn(emulator, String(scope)), atMs: Date.now() };
        signedIn.set(emulator, current);
      }
      return { token: await current.token, expiresOnTimestamp: current.atMs + 2 * SIGN_IN_EVERY_MS };
    },
  };
}

/** With the secret of the tenant's app, as a library would, at the sign-in service of the embedded tenant. */
async function signIn(emulator: Emulator, scope: string): Promise<string> {
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = emulator.credentials();
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: AZURE_CLIENT_ID,
    client_secret: AZURE_CLIENT_SECRET,
    scope,
  });
  const url = `${emulator.url}/${AZURE_TENANT_ID}/oauth2/v2.0/token`;
  const answer = await emulator.fetch(url, { method: "POST", body: form.toString() });
  return ((await answer.json()) as { access_token: string }).access_token;
}
