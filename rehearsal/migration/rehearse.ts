import { DEFAULT_PACE } from "../../graph/pacing/quotas";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Guid } from "../../licensing/model";
import type { StackFile, WaveSpec } from "../../licensing/stack-file/stack-file";
import { countByName, type CountsByName } from "../../licensing/counts";
import { resolveSuccessors } from "../../tenant/resolve-successors";
import type { RehearsalCopy } from "../copy/schema";
import { stackFileOf } from "../copy/stack-config";
import type { RehearsalOptions } from "../options";
import type { Interruption } from "../process/interruption";
import { makeTroubles, throttleOf, type PendingOfWave, type Troubles } from "../trouble/troubles";
import { judgeRehearsal } from "../report/verdict";
import { addedSince, directLicenses, movedSkus, notAsBefore, type DirectLicenses } from "./direct-licenses";
import { atRealQuotaMs } from "./load";
import { lossesOf } from "./losses";
import { whatIsLeft, whyNotRestored } from "./outcome";
import type { Rehearsal, RollbackStep, Step, WaveStep } from "./result";
import { openStage, type Stage } from "./stage";
import { GROUPS_STEP, rollbackStep, waveStep, type MigrationStep } from "./steps";
import { takeStep } from "./take-step";

/** Added to a soak, so that the next wave starts clearly after its end. */
const AFTER_SOAK_MS = 1_000;

export interface Watching {
  readonly say: (line: string) => void;
  readonly interruption: Interruption;
}

/** Runs the whole migration on a copy: groups, gate, every wave with its soak, and the rollback. Connects to this machine only. */
export async function rehearse(copy: RehearsalCopy, options: RehearsalOptions, watching: Watching): Promise<Rehearsal> {
  const stage = await openStage(copy, throttleOf(options), watching.interruption);
  try {
    return await new Run(copy, options, watching, stage).run();
  } finally {
    await stage.close();
  }
}

/** A running rehearsal. */
class Run {
  readonly #stackFile: StackFile;
  readonly #catalog: Catalog;
  readonly #skuIds: ReadonlySet<Guid>;

  constructor(
    readonly copy: RehearsalCopy,
    readonly options: RehearsalOptions,
    readonly watching: Watching,
    readonly stage: Stage,
  ) {
    this.#stackFile = stackFileOf(copy.stackFile);
    const listed = new Catalog(copy.skus);
    this.#catalog = new Catalog(copy.skus, resolveSuccessors(this.#stackFile.successors, listed));
    this.#skuIds = movedSkus(this.#stackFile, this.#catalog);
  }

  async run(): Promise<Rehearsal> {
    const { copy, options, stage } = this;
    const before = this.#direct();
    const troubles = makeTroubles(options, { stage, stackFile: this.#stackFile, catalog: this.#catalog });
    troubles.beforeGroups();
    const groups = await this.#step(GROUPS_STEP);
    const waves = groups.isThrough ? await this.#waves(troubles) : [];
    const left = await whatIsLeft(stage);
    const added = countByName(addedSince(before, this.#direct()).map(({ skuId }) => this.#catalog.skuName(skuId)));
    const reports = troubles.reports();
    const moved =
      waves.some(({ removed }) => Object.keys(removed).length > 0) || left.groupMoves.some(({ moved }) => moved > 0);
    const rollback = options.rollback && moved ? await this.#rollback(before) : null;
    const losses = lossesOf(stage.emulator, this.#catalog);
    const mentioned = [...losses.lost, ...losses.lostByPeople, ...(rollback?.notBack ?? [])];
    const facts = {
      version: 1 as const,
      stack: copy.stack,
      copiedAt: copy.copiedAt,
      ids: copy.ids,
      users: copy.users.length,
      direct: before.size,
      groups,
      waves,
      ...left,
      added,
      swapsInOneCall: this.#stackFile.groups.filter(({ swapInOneCall }) => swapInOneCall).map(({ name }) => name),
      troubles: reports,
      rollback,
      ...losses,
      warnings: copy.warnings,
      names: namesIn(copy, new Set(mentioned.map(({ userId }) => userId))),
    };
    return { ...facts, verdict: judgeRehearsal(facts, troubles.strikesWaves) };
  }

  async #waves(troubles: Troubles): Promise<readonly WaveStep[]> {
    const done: WaveStep[] = [];
    const { waves } = this.#stackFile;
    const pending = troubles.strikesWaves ? pendingOf(await this.#outputs()) : new Map<string, PendingOfWave>();
    for (const [index, wave] of waves.entries()) {
      troubles.beforeWave(wave.name, pending);
      const step = await this.#wave(wave);
      done.push(step);
      if (!step.isThrough) break;
      if (wave.soakMs > 0 && index < waves.length - 1) this.stage.advance(wave.soakMs + AFTER_SOAK_MS);
    }
    return done;
  }

  async #wave({ name, soakMs }: WaveSpec): Promise<WaveStep> {
    const before = this.#direct();
    const step = await this.#step(waveStep(name));
    const gone = notAsBefore(before, this.#direct());
    const { pending = {}, blocked = {} } = (await this.#outputs())[name] ?? {};
    const removed = countByName(gone.map(({ skuId }) => this.#catalog.skuName(skuId)));
    return { ...step, removed, pending, blocked, soakMs };
  }

  async #rollback(before: DirectLicenses): Promise<RollbackStep> {
    const moved = notAsBefore(before, this.#direct()).length;
    const step = await this.#step(rollbackStep(this.copy.stackFile["licensing:waves"] as readonly object[]));
    const notBack = notAsBefore(before, this.#direct());
    const why = notBack.length === 0 ? {} : await whyNotRestored(this.stage);
    return { ...step, restored: moved - notBack.length, notBack, why };
  }

  async #step(step: MigrationStep): Promise<Step> {
    this.watching.say(step.title);
    const taken = await takeStep(step, this.stage, this.stage.run);
    const pace = this.#stackFile.pace ?? DEFAULT_PACE;
    return {
      name: step.name,
      ...taken,
      atRealQuotaMs: atRealQuotaMs(taken.load.cost, this.copy.users.length, pace),
    };
  }

  #direct(): DirectLicenses {
    return directLicenses(this.stage.emulator, this.#skuIds, this.#catalog);
  }

  async #outputs(): Promise<WaveOutputs> {
    const { waves = {} } = (await this.stage.stack.outputs()) as { readonly waves?: WaveOutputs };
    return waves;
  }
}

/** The part of the `waves` stack output that is used here. */
type WaveOutputs = Readonly<
  Record<
    string,
    {
      readonly pending: CountsByName;
      readonly blocked: CountsByName;
      readonly moves?: Readonly<Record<string, { readonly pending: number }>>;
    }
  >
>;

/** The least number of users with a pending removal, by wave. */
function pendingOf(waves: WaveOutputs): ReadonlyMap<string, PendingOfWave> {
  return new Map(
    Object.entries(waves).map(([name, { pending, moves = {} }]) => [
      name,
      {
        removals: Math.max(0, ...Object.values(pending)),
        moves: Object.values(moves).reduce((sum, each) => sum + each.pending, 0),
      },
    ]),
  );
}

/** Display names of the users in the result; `null` if the copy has no names. */
function namesIn({ users }: RehearsalCopy, mentioned: ReadonlySet<Guid>): Rehearsal["names"] {
  if (users.every(({ displayName, userPrincipalName }) => displayName === undefined && userPrincipalName === undefined))
    return null;
  return Object.fromEntries(
    users
      .filter(({ id }) => mentioned.has(id))
      .map(({ id, displayName, userPrincipalName }) => [
        id,
        [displayName, userPrincipalName].filter((name) => name !== undefined).join(", "),
      ]),
  );
}
