import { readProgress, type WaveProgress } from "../../licensing/progress-words";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import type { EngineEvent, StepMetadata } from "./engine-events";

/** Where a run is: one line of the display, and what `status` shows at another terminal. */
export interface RunState {
  /** A wave by its name, or `beginning`, `groups`, `verification`, `record`, `debts`. */
  readonly phase: string;
  /** Of the whole wave; `null` outside a wave, and before its first users. */
  readonly progress: WaveProgress | null;
  /** What the run waits for, or another text of its row; empty: none. */
  readonly text: string;
}

/** What a wave's parts that have ended did. */
export interface WaveDone {
  readonly moved: number;
  /** Users that went from group to group in this run, or back. */
  readonly movedByGroup: number;
  readonly blocked: number;
  readonly removed: Readonly<Record<string, number>>;
  /** Direct assignments that stay, by reason. */
  readonly stays: Readonly<Record<string, number>>;
}

/** The phase before the first row of this program. */
export const BEGINNING = "beginning";

const OURS = "pulumi-nodejs:dynamic/licensing:";

const PHASES: Readonly<Record<string, string>> = {
  GroupLicense: "groups",
  GroupMembers: "groups",
  EvaluatedRule: "groups",
  VerifiedInheritance: "verification",
  DirectLicenseBaseline: "record",
  DirectLicenseDebts: "debts",
  ReleaseCheck: "record",
};

const OF_WAVES = ["DirectLicenseRemoval", "GroupMembershipMove"];

/** Adds up the parts of each wave from the engine's events. */
export class RunProgress {
  #state: RunState = { phase: BEGINNING, progress: null, text: "" };
  /** Users of the parts that have ended, by wave. */
  readonly #ended = new Map<string, number>();
  readonly #done = new Map<string, WaveDone>();
  readonly #part = new Map<string, { readonly wave: string; readonly users: number; readonly isMove: boolean }>();

  constructor(private readonly plan: PlanDocument) {}

  get state(): RunState {
    return this.#state;
  }

  /** By wave, in the order of the plan. */
  get done(): ReadonlyMap<string, WaveDone> {
    return this.#done;
  }

  take({ resourcePreEvent: begun, resOutputsEvent: ended, diagnosticEvent: told }: EngineEvent): void {
    if (begun !== undefined) this.#begin(begun.metadata);
    if (ended !== undefined) this.#end(ended.metadata);
    if (told?.ephemeral === true && told.severity === "info" && told.urn !== undefined)
      this.#tell(told.urn, told.message);
  }

  #begin({ urn, type, op, new: declared }: StepMetadata): void {
    const inputs = declared?.inputs ?? {};
    if (!type.startsWith(OURS) || op === "same") return;
    const name = type.slice(OURS.length);
    if (!OF_WAVES.includes(name)) {
      this.#state = { phase: PHASES[name] ?? name, progress: null, text: "" };
      return;
    }
    // A part that waits is declared, and does nothing.
    if (inputs["waits"] === true) return;
    const wave = String(inputs["wave"]);
    const isMove = name === "GroupMembershipMove";
    // The progress of a wave counts the users with something to remove.
    this.#part.set(urn, { wave, isMove, users: isMove ? 0 : Number(inputs["users"] ?? 0) });
    this.#state = { phase: wave, progress: this.#state.phase === wave ? this.#state.progress : null, text: "" };
  }

  #end({ urn, new: made }: StepMetadata): void {
    const outputs = made?.outputs ?? {};
    const part = this.#part.get(urn);
    if (part === undefined) return;
    this.#ended.set(part.wave, (this.#ended.get(part.wave) ?? 0) + part.users);
    const { moved = 0, blocked = 0 } = (outputs["outcome"] ?? {}) as Partial<WaveDone>;
    const before = this.#done.get(part.wave);
    this.#done.set(part.wave, {
      moved: (before?.moved ?? 0) + (part.isMove ? 0 : moved),
      movedByGroup: (before?.movedByGroup ?? 0) + (part.isMove ? Number(outputs["lastMoved"] ?? 0) : 0),
      blocked: (before?.blocked ?? 0) + blocked,
      removed: added(before?.removed, outputs["lastRemoved"]),
      stays: added(before?.stays, outputs["stays"]),
    });
  }

  #tell(urn: string, message: string): void {
    const part = this.#part.get(urn);
    const text = message.trim();
    const progress = part === undefined ? null : readProgress(text);
    if (part === undefined) {
      // A part of a wave that waits tells of it, and is not what the run is at.
      if (urn.includes(OURS) && !OF_WAVES.some((name) => urn.includes(`${OURS}${name}`)))
        this.#state = { ...this.#state, text };
      return;
    }
    this.#state =
      progress === null
        ? { phase: part.wave, progress: this.#state.progress, text }
        : { phase: part.wave, progress: this.#ofWave(part.wave, progress), text: "" };
  }

  /** The parts that have ended, the one in hand, and those to come. */
  #ofWave(wave: string, part: WaveProgress): WaveProgress {
    const ended = this.#ended.get(wave) ?? 0;
    const planned = this.plan.waves.find(({ name }) => name === wave)?.plannedUsers ?? 0;
    const all = Math.max(planned, ended + part.all);
    const toCome = all - ended - part.all;
    return {
      ...part,
      done: ended + part.done,
      all,
      blocked: (this.#done.get(wave)?.blocked ?? 0) + part.blocked,
      secondsLeft: part.secondsLeft === null || part.rate === 0 ? null : part.secondsLeft + toCome / part.rate,
    };
  }
}

function added(before: Readonly<Record<string, number>> = {}, more: unknown): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...before };
  for (const [word, count] of Object.entries((more ?? {}) as Record<string, number>))
    sum[word] = (sum[word] ?? 0) + count;
  return sum;
}
