import type { TokenCredential } from "@azure/core-auth";
import { readFileSync } from "node:fs";
import type { Host } from "../../dynamic-providers/engine/host";
import { Receipts } from "../../dynamic-providers/engine/receipts";
import { createEmulator, type Emulator, type EmulatorOptions, type TenantSpec } from "../../emulator";
import { type LicenseWrites, connectForWriting, type GraphConnection } from "../../graph/tenant-graph";
import { ContractWatch } from "../contract/keep-to-contract";
import { assertAllNamed } from "../graph/request-named";
import { trustCertificate } from "../graph/trust";

/** A host on the tenant's time: a sleep moves the tenant on. It remembers all that it is told. */
export class FakeHost implements Host {
  receipts = new Receipts();
  readonly statuses: string[] = [];
  readonly said: string[] = [];
  readonly sleeps: number[] = [];
  /** How far this machine's clock is ahead of the tenant's. */
  clockOffMs = 0;
  /** Asked between units; `null`: go on. */
  stop: () => string | null = () => null;
  /** Ctrl-C, as `npm run pulumi` tells of it. */
  interrupted: () => string | null = () => null;
  /** What else happens during a sleep, before the time has passed. */
  onSleep: (ms: number) => void = () => undefined;
  /** Why a request with this body does not get as far as Graph; `null`: it does. */
  network: (body: string) => Error | null = () => null;

  /** What is between the client and the embedded Graph. */
  through: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);

  /** Instead of the environment's. */
  credential: TokenCredential | null = null;

  constructor(private readonly emulator: Emulator) {}

  connectForReading(connection: GraphConnection): LicenseWrites {
    return this.connectForWriting(connection);
  }

  connectForWriting(connection: GraphConnection): LicenseWrites {
    return connectForWriting(connection, {
      random: () => 0,
      ...(this.credential === null ? {} : { credential: this.credential }),
      fetch: (input, init) => {
        const trouble = this.network(typeof init?.body === "string" ? init.body : "");
        return trouble === null ? this.through(input, init) : Promise.reject(trouble);
      },
      pauses: { now: () => this.now(), sleep: (ms) => this.sleep(ms).then(() => null) },
    });
  }

  now(): number {
    return this.emulator.clock.now().getTime() + this.clockOffMs;
  }

  sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.onSleep(ms);
    this.emulator.clock.advance(ms);
    // Answers that are on their way come in meanwhile: where many wait for one of them, no other would ever be heard.
    return new Promise((done) => setImmediate(done));
  }

  status(_urn: string, text: string): Promise<void> {
    this.statuses.push(text);
    return Promise.resolve();
  }

  say(_urn: string, text: string): Promise<void> {
    this.said.push(text);
    return Promise.resolve();
  }

  stopReason(): Promise<string | null> {
    return Promise.resolve(this.stop());
  }

  interruption(): string | null {
    return this.interrupted();
  }
}

/** The embedded Graph over HTTPS, signed in to; `start` puts another tenant in its place. */
export interface Rig {
  readonly emulator: Emulator;
  /** Of the tenant that was started last. */
  readonly host: FakeHost;
  readonly connection: GraphConnection;
  graph(): LicenseWrites;
  start(tenant: TenantSpec, app?: string): void;
  close(): Promise<void>;
}

/**
 * A rig for the suite that calls this: opened before its first test, closed after its last.
 *
 * @param tenant started before each test; absent: each test starts its own
 */
export function rigOf(options: EmulatorOptions = {}, tenant?: () => TenantSpec): Rig {
  let opened: Rig | null = null;
  const rig = (): Rig => {
    if (opened === null) throw new Error("the rig is not open before the suite's first hook");
    return opened;
  };
  before(async () => {
    opened = await openRig(options);
  });
  if (tenant !== undefined) beforeEach(() => rig().start(tenant()));
  after(() => opened?.close());
  return {
    get emulator() {
      return rig().emulator;
    },
    get host() {
      return rig().host;
    },
    get connection() {
      return rig().connection;
    },
    graph: () => rig().graph(),
    start: (...given) => rig().start(...given),
    close: () => rig().close(),
  };
}

export async function openRig(options: EmulatorOptions = {}): Promise<Rig> {
  const contract = new ContractWatch();
  const emulator = await createEmulator({
    clock: "manual",
    tenant: {},
    onExchange: contract.onExchange,
    ...options,
  });
  const distrust = trustCertificate(readFileSync(emulator.caFile, "utf8"));
  const before = takeAzureEnvironment();
  let host = new FakeHost(emulator);
  const connection = () => ({
    cloud: { graph: emulator.url, authority: emulator.url },
    tenant: emulator.tenant.id,
  });
  return {
    emulator,
    get host() {
      return host;
    },
    get connection() {
      return connection();
    },
    graph: () => host.connectForWriting(connection()),
    start: (tenant, app) => {
      assertAllNamed(emulator);
      contract.assertKept();
      emulator.reset(tenant);
      host = new FakeHost(emulator);
      Object.assign(process.env, emulator.credentials(app));
    },
    close: async () => {
      takeAzureEnvironment();
      Object.assign(process.env, before);
      distrust();
      await emulator.close();
      assertAllNamed(emulator);
      contract.assertKept();
    },
  };
}

/** Takes every AZURE_… variable out of the environment, so that only the embedded tenant's credentials are found. */
function takeAzureEnvironment(): Record<string, string | undefined> {
  const taken = Object.entries(process.env).filter(([name]) => name.startsWith("AZURE_"));
  for (const [name] of taken) Reflect.deleteProperty(process.env, name);
  return Object.fromEntries(taken);
}
