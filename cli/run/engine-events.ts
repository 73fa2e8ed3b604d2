import { execa } from "execa";
import { engineEnvironment, locateEngine } from "../engine/locate";
import { brokenRules, type BrokenRule, type PolicyEvent } from "../engine/policy-events";
import { withPolicyPacks } from "../engine/policy-packs";

/** What the engine says while it runs, of its own JSON events (`--json`) those that this command needs. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: Diagnostic;
  readonly policyEvent?: PolicyEvent;
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
}

export interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: { readonly protect?: boolean } | null;
  readonly new: {
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly protect?: boolean;
  } | null;
}

/**
 * True for a row that the engine calls unchanged although its protection changes. Only an update writes that to the state, and
 * `destroy` goes by the state.
 */
export function changesProtection({ op, old, new: now }: StepMetadata): boolean {
  return op === "same" && old != null && now !== null && (old.protect ?? false) !== (now.protect ?? false);
}

export interface Diagnostic {
  readonly urn?: string;
  readonly message: string;
  readonly severity: string;
  /** A status in a resource's row, which the next one replaces. */
  readonly ephemeral?: boolean;
}

export interface EngineEnd {
  /** `null`: a signal ended it. */
  readonly code: number | null;
  /** The errors, as the engine's own display would print them. */
  readonly said: string;
  /** Of policy packs. */
  readonly rules: readonly BrokenRule[];
}

/** A running engine: its end, and how it is interrupted. */
export interface RunningEngine {
  readonly ended: Promise<EngineEnd>;
  /** Sends the engine one SIGINT, once it has begun: what is in flight comes to its end. A second one ends it at once. */
  interrupt(): void;
}

/** Windows has no process groups; there the terminal sends Ctrl-C to every process. */
const OWN_GROUPS = process.platform !== "win32";

/**
 * Runs the engine and passes its events on. It has a process group of its own, so that a Ctrl-C of the terminal reaches it once,
 * through `interrupt`.
 */
export function followEngine(
  words: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
  onEvent: (event: EngineEvent) => void,
): RunningEngine {
  const engine = locateEngine();
  const args = withPolicyPacks(engine, [...words, "--json", "--non-interactive"], cwd);
  const run = execa(engine.binary, args, {
    cwd,
    env: { ...engineEnvironment(process.env, engine), PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true", ...environment },
    extendEnv: false,
    stdin: "ignore",
    // The events of a large run are taken one by one, and not kept.
    buffer: { stdout: false },
    detached: OWN_GROUPS,
    // Asked to end, the engine waits for what is in flight, which takes as long as it takes.
    forceKillAfterDelay: false,
    reject: false,
  });
  const asked = afterTheFirst(() => interrupt(run.pid));
  const ended = passingOn(run, async (): Promise<EngineEnd> => {
    const errors: string[] = [];
    const policies: PolicyEvent[] = [];
    let other = "";
    for await (const line of run.iterable()) {
      const event = eventIn(line);
      if (event === null) {
        other += `${line}\n`;
        continue;
      }
      asked.begin();
      const { diagnosticEvent: told, policyEvent: policy } = event;
      if (told?.severity === "error") errors.push(told.message);
      if (policy !== undefined) policies.push(policy);
      onEvent(event);
    }
    const { exitCode, stderr, code, originalMessage } = await run;
    if (code !== undefined) throw new Error(originalMessage); // It could not be started.
    const said = [...errors.map(asPrinted), other, stderr].join("\n");
    return { code: exitCode ?? null, said, rules: brokenRules(policies) };
  });
  return { ended, interrupt: asked.interrupt };
}

/**
 * Holds one interrupt until the engine's first event. An engine that starts does not heed it yet: it would end at once, and leave its
 * language host running for minutes.
 */
function afterTheFirst(send: () => void): { readonly begin: () => void; readonly interrupt: () => void } {
  let state: "starting" | "asked" | "begun" = "starting";
  return {
    begin() {
      if (state === "asked") send();
      state = "begun";
    },
    interrupt() {
      if (state === "starting") state = "asked";
      else send();
    },
  };
}

/** Signals that reach this process alone go to the engine for as long as `work` takes. */
async function passingOn<T>(run: { kill(signal: NodeJS.Signals): boolean }, work: () => Promise<T>): Promise<T> {
  const passOn = (signal: NodeJS.Signals): void => void run.kill(signal);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, passOn);
  try {
    return await work();
  } finally {
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.off(signal, passOn);
  }
}

function eventIn(line: string): EngineEvent | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return null;
  }
}

function asPrinted(message: string): string {
  return `error: ${message.trimEnd().replaceAll("\n", "\n  ")}`;
}

function interrupt(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(OWN_GROUPS ? -pid : pid, "SIGINT");
  } catch {
    // It has ended already.
  }
}
