import assert from "node:assert/strict";
import type { Emulator, EmulatorOptions } from "../../emulator";
import type { StackOutputs } from "../../components/stack-outputs";
import type { BaselineOutputs } from "../../dynamic-providers/direct-license-baseline";
import type { RemovalOutputs } from "../../dynamic-providers/removal/removal-outputs";
import type { GateOutputs } from "../../dynamic-providers/verified-inheritance";
import type { LocalStack } from "../../cli/engine/local-stack";
import { openEmbedded, type Embedded, type Plugin } from "../../rehearsal/embedded/open";
import { ContractWatch } from "../contract/keep-to-contract";
import { assertAllNamed } from "../graph/request-named";
import { EngineWords } from "./engine-words";

type StackFile = Readonly<Record<string, unknown>>;

/** What a run may be started with: other words, another environment; `undefined` takes a variable away. */
interface RunOptions {
  readonly words?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

type PluginFor = (emulator: Emulator) => Promise<Plugin>;

/** One resource of the state. */
interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly outputs?: unknown;
}

/**
 * One stack on the real engine against one embedded tenant: what an operator does and reads, and what happened in the
 * tenant meanwhile. Holds of every run what must hold of all: a preview writes nothing, a refusal is no stack trace.
 */
export class Journey {
  #embedded: Embedded | null = null;
  readonly #contract = new ContractWatch();
  /** Edits of the stack file so far. */
  #edits: StackFile = {};

  get emulator(): Emulator {
    return this.#begun.emulator;
  }

  get stack(): LocalStack {
    return this.#begun.stack;
  }

  async begin(emulator: EmulatorOptions, stackFile: StackFile, plugin?: PluginFor): Promise<void> {
    this.#embedded = await openEmbedded({
      stack: "contoso",
      config: { "licensing:tenant": "contoso.com", ...stackFile },
      tenant: { onExchange: this.#contract.onExchange, ...emulator },
      environment: () => ({ CI: "false" }),
      plugin,
    });
  }

  async end(): Promise<void> {
    await this.#embedded?.close();
    // At the end, so that nothing is left behind where it fails.
    if (this.#embedded !== null) assertAllNamed(this.emulator);
    this.#contract.assertKept();
  }

  /** Edits the stack file: these keys get these values, and `undefined` takes a key out. Stays for the next runs. */
  edit(changes: StackFile): void {
    this.#edits = { ...this.#edits, ...changes };
    this.#begun.configure(this.#edits);
  }

  /** A preview that goes through. */
  async preview(options: RunOptions = {}): Promise<EngineWords> {
    const said = await this.#previewed(options);
    assert.equal(said.code, 0, said.text);
    return said;
  }

  /** The nightly check finds nothing to do. */
  nightlyCheck(): Promise<EngineWords> {
    return this.preview({ words: ["--expect-no-changes"] });
  }

  /** The nightly check finds something to do, and the pipeline that runs it goes red. */
  async nightlyCheckFails(): Promise<EngineWords> {
    const said = await this.#previewed({ words: ["--expect-no-changes"] });
    assert.notEqual(said.code, 0, said.text);
    assert.match(said.text, /no changes were expected/);
    return said;
  }

  /** An `up` that goes through. No preview before it: a journey looks at previews by themselves. */
  async up(options: RunOptions = {}): Promise<EngineWords> {
    const said = await this.#upped(options);
    assert.equal(said.code, 0, said.text);
    return said;
  }

  /** An `up` that ends early, with what it did kept. */
  async upHalted(options: RunOptions = {}): Promise<EngineWords> {
    const said = await this.#upped(options);
    assertRefused(said);
    return said;
  }

  /** A preview of the stack file with these mistakes in it, which are gone again afterwards. */
  previewRefused(mistakes: StackFile, options: RunOptions = {}): Promise<EngineWords> {
    return this.#refused(mistakes, () => this.#previewed(options));
  }

  /** An `up` of the stack file with these mistakes in it, as a pipeline that skips the preview would start it. */
  upRefused(mistakes: StackFile, options: RunOptions = {}): Promise<EngineWords> {
    return this.#refused(mistakes, () => this.#upped(options));
  }

  /** What the stack remembers: `pulumi stack export`, taken apart. */
  async state(): Promise<State> {
    const run = await this.stack.run(["stack", "export", "--stack", this.stack.name]);
    assert.equal(run.code, 0, run.stderr);
    const { deployment } = JSON.parse(run.stdout) as { deployment: { resources: readonly StateResource[] } };
    const outputsOf = (type: string) =>
      Object.fromEntries(
        deployment.resources
          .filter((each) => each.type === type)
          .map(({ urn, outputs }) => [urn.split("::").at(-1) ?? "", outputs]),
      );
    const ofOurs = (type: string) => outputsOf(`pulumi-nodejs:dynamic/licensing:${type}`);
    return {
      outputs: Object.values(outputsOf("pulumi:pulumi:Stack"))[0] as Outputs,
      gate: ofOurs("VerifiedInheritance")["inheritance"] as GateOutputs,
      baseline: ofOurs("DirectLicenseBaseline")["baseline"] as BaselineOutputs,
      slices: ofOurs("DirectLicenseRemoval") as Record<string, RemovalOutputs>,
    };
  }

  async outputs(): Promise<Outputs> {
    return (await this.state()).outputs;
  }

  /** How many requests that change something a piece of the journey made. */
  async writesDuring(doing: () => Promise<unknown>): Promise<number> {
    const before = this.emulator.requests.writes().length;
    await doing();
    return this.emulator.requests.writes().length - before;
  }

  async #refused(mistakes: StackFile, running: () => Promise<EngineWords>): Promise<EngineWords> {
    this.#begun.configure({ ...this.#edits, ...mistakes });
    try {
      let said: EngineWords | undefined;
      const writes = await this.writesDuring(async () => (said = await running()));
      assert(said);
      assert.equal(writes, 0, "a refusal comes before any write");
      assertRefused(said);
      return said;
    } finally {
      this.#begun.configure(this.#edits);
    }
  }

  async #previewed({ words = [], environment = {} }: RunOptions): Promise<EngineWords> {
    let said: EngineWords | undefined;
    const writes = await this.writesDuring(async () => {
      said = new EngineWords(await this.stack.run(["preview", ...words], environment));
    });
    assert.equal(writes, 0, "a preview writes nothing to the tenant");
    assert(said);
    return said;
  }

  async #upped({ words = [], environment = {} }: RunOptions): Promise<EngineWords> {
    return new EngineWords(await this.stack.run(["up", "--yes", "--skip-preview", ...words], environment));
  }

  get #begun(): Embedded {
    if (this.#embedded === null) throw new Error("the journey has not begun");
    return this.#embedded;
  }
}

interface State {
  readonly outputs: Outputs;
  readonly gate: GateOutputs;
  readonly baseline: BaselineOutputs;
  /** By name, such as `canary-1`. */
  readonly slices: Readonly<Record<string, RemovalOutputs>>;
}

/** Stack outputs as the state holds them: what `pulumi stack output` shows. */
export interface Outputs {
  readonly groups: Readonly<Record<string, Known<StackOutputs["groups"][string]>>>;
  readonly waves: Readonly<Record<string, Known<StackOutputs["waves"][string]>>>;
}

type Known<T> = T extends { apply(callback: (value: infer V) => unknown): unknown } ? V : T;

/**
 * A journey for the suite that calls this: begun before its first step, removed after its last. A step builds on those
 * before it, so when one fails the rest are skipped instead of failing for a reason of their own.
 */
export function journeyOf(emulator: () => EmulatorOptions, stackFile: StackFile, plugin?: PluginFor): Journey {
  const journey = new Journey();
  let isBroken = false;
  before(() => journey.begin(emulator(), stackFile, plugin));
  beforeEach(function () {
    if (isBroken) this.skip();
  });
  afterEach(function () {
    isBroken ||= this.currentTest?.state === "failed";
  });
  after(() => journey.end());
  return journey;
}

/** The stack file of the example of Microsoft's own guide, without what is the tenant's. */
export const seedStackFile: StackFile = {
  "licensing:groups": {
    "all-users": { existing: "All users", licenses: ["EMS"] },
    finance: { existing: "Finance department", licenses: ["ENTERPRISEPACK"] },
  },
  "licensing:waves": [
    { name: "canary", count: 20 },
    { name: "tenth", percent: 10 },
    { name: "everyone", percent: 100 },
  ],
};

/** Refused as an operator can use it: a failed run, in words, without the insides of the program. */
function assertRefused(said: EngineWords): void {
  assert.notEqual(said.code, 0, said.text);
  assert.match(said.text, /error:/);
  assert.doesNotMatch(said.text, /^\s+at .+:\d+:\d+\)?$/m, "a stack trace");
  // The engine says where a policy pack lies.
  const words = said.text.replaceAll(/\(local: [^)]+\)/g, "");
  assert.doesNotMatch(words, /node_modules|Unhandled|promises were still active/i);
}
