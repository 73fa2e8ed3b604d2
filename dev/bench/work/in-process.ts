import type { Host } from "../../../dynamic-providers/engine/host";
import { Receipts } from "../../../dynamic-providers/engine/receipts";
import { createEmulator, type Emulator, type TenantSpec } from "../../../emulator";
import {
  connectForReading,
  connectForWriting,
  type ConnectExtra,
  type GraphConnection,
} from "../../../graph/tenant-graph";

/** An embedded Graph in this process, without a socket: no element of Node's own client is counted. Its clock is moved by waits. */
export interface InProcess {
  readonly emulator: Emulator;
  readonly connection: GraphConnection;
  readonly host: Host;
  /** Sends a request that must succeed. */
  readonly ask: (method: "GET" | "POST", path: string, body?: unknown) => Promise<unknown>;
}

export async function openInProcess(tenant: TenantSpec): Promise<InProcess> {
  const emulator = await createEmulator({ tenant, clock: "manual" });
  const token = await signIn(emulator);
  const now = () => emulator.clock.now().getTime();
  const sleep = (ms: number) => {
    emulator.clock.advance(ms);
    // Answers on their way come in meanwhile.
    return new Promise<void>((done) => setImmediate(done));
  };
  const extra: ConnectExtra = {
    credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    fetch: (input, init) => emulator.fetch(input, init),
    random: () => 0,
    pauses: { now, sleep: (ms) => sleep(ms).then(() => null) },
  };
  return {
    emulator,
    connection: { cloud: { graph: emulator.url, authority: emulator.url }, tenant: emulator.tenant.id },
    host: {
      receipts: new Receipts(),
      connectForReading: (to) => connectForReading(to, extra),
      connectForWriting: (to) => connectForWriting(to, extra),
      now,
      sleep,
      status: () => Promise.resolve(),
      say: () => Promise.resolve(),
      stopReason: () => Promise.resolve(null),
      interruption: () => null,
    },
    ask: async (method, path, body) => {
      const url = path.startsWith("https:") ? path : `${emulator.url}/v1.0${path}`;
      const headers = {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        consistencylevel: "eventual",
      };
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await emulator.fetch(url, { method, headers, ...text });
      const answer: unknown = await response.json();
      if (response.status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      return answer;
    },
  };
}

async function signIn(emulator: Emulator): Promise<string> {
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = emulator.credentials();
  const form = {
    grant_type: "client_credentials",
    scope: `${emulator.url}/.default`,
    client_id: AZURE_CLIENT_ID,
    client_secret: AZURE_CLIENT_SECRET,
  };
  const response = await emulator.fetch(`${emulator.url}/${AZURE_TENANT_ID}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams(form).toString(),
  });
  const { access_token: token } = (await response.json()) as { readonly access_token: string };
  return token;
}
