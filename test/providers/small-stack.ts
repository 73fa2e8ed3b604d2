import assert from "node:assert/strict";
import { toPulumiProvider, type HostedProvider } from "../../dynamic-providers/engine/hosted";
import {
  baselineInputs,
  directLicenseBaseline,
  type BaselineOutputs,
} from "../../dynamic-providers/direct-license-baseline";
import { Receipts } from "../../dynamic-providers/engine/receipts";
import { debtsInputs, directLicenseDebts, type DebtsOutputs } from "../../dynamic-providers/direct-license-debts";
import { directLicenseRemoval, removalInUnitsOf } from "../../dynamic-providers/direct-license-removal";
import {
  groupLicenseTakeOff,
  takeOffInputs,
  type TakeOffOutputs,
} from "../../dynamic-providers/group-license-take-off";
import { groupLicense, type GroupLicenseOutputs } from "../../dynamic-providers/group-license";
import type { Lifecycle } from "../../dynamic-providers/engine/lifecycle";
import { groupMembershipMove } from "../../dynamic-providers/group-membership-move";
import { moveInputs } from "../../dynamic-providers/moving/move-inputs";
import type { MoveOutputs } from "../../dynamic-providers/moving/move-outputs";
import { removalInputs } from "../../dynamic-providers/removal/removal-inputs";
import type { RemovalOutputs } from "../../dynamic-providers/removal/removal-outputs";
import { verifiedInheritance, type GateOutputs } from "../../dynamic-providers/verified-inheritance";
import { addedPlanName, plansToRecord } from "../../licensing/drift/added-plans";
import { Catalog } from "../../licensing/catalog/catalog";
import { skusInScope } from "../../licensing/declaration";
import { tooManyLeft } from "../../licensing/drift/departures";
import { returnedLicenses } from "../../licensing/drift/drift";
import { withInterrupted } from "../../licensing/plan/interrupted-run";
import { groupNotes } from "../../licensing/drift/group-notes";
import { groupsOfGate, isBeforeGate } from "../../licensing/plan/group-plan";
import { planDocument } from "../../licensing/plan-document/plan-document";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import type { MigrationPlan, PlanInput } from "../../licensing/plan/plan";
import { alsoInTarget } from "../../licensing/plan/group-move";
import { moveRow } from "../../licensing/plan/plan-group-moves";
import { planMigration } from "../../licensing/plan/plan-migration";
import { formatChange } from "../../licensing/plan/group-words";
import { failingAmong, failingDigest } from "../../licensing/inheritance/reprocessing";
import { recordedSkus } from "../../licensing/record/baseline";
import { recordOf, type GateState } from "../../licensing/record/record";
import { nestedUsersOf, type TenantSnapshot } from "../../licensing/snapshot";
import { namesInUse, type NamesInUse } from "../../licensing/drift/names-in-use";
import { mergedNames, NO_NAMES } from "../../licensing/catalog/recorded-names";
import {
  type AcceptedLoss,
  type AcceptedSuccessor,
  type GroupSpec,
  type MoveSpec,
  type Timeouts,
  type WaveSpec,
  USUAL_DEPARTURES,
  type DepartureLimit,
} from "../../licensing/stack-file/stack-file";
import { readAuditLog } from "../../tenant/read-audit-log";
import { readGroupAudit } from "../../tenant/read-group-audit";
import { readDebtEvidence } from "../../tenant/read-debt-evidence";
import { resolveWrittenOff } from "../../tenant/resolve-written-off";
import { readSnapshot } from "../../tenant/read-snapshot";
import { refuseDroppedGroups } from "../../tenant/refuse-dropped-groups";
import { readLasting } from "../../tenant/read-lasting";
import { resolveAcceptedLosses, resolveAcceptedRisks } from "../../tenant/resolve-accepted";
import { resolveDeclaration } from "../../tenant/resolve-declaration";
import { resolveMoveLast } from "../../tenant/resolve-move-last";
import { resolveSuccessors } from "../../tenant/resolve-successors";
import { resolveMoves } from "../../tenant/resolve-moves";
import { resolveWaves } from "../../tenant/resolve-waves";
import { keptByEngine } from "../licensing/kept-by-engine";
import type { Rig } from "./rig";

type Bag = Record<string, unknown>;

/** The part of a stack file that matters here. */
export interface SmallStackFile {
  readonly groups: readonly GroupSpec[];
  readonly waves?: readonly WaveSpec[];
  readonly moves?: readonly MoveSpec[];
  readonly applyThrough?: string | null;
  readonly moveLast?: readonly string[];
  readonly departures?: DepartureLimit;
  readonly writtenOff?: readonly string[];
  readonly acceptLoss?: readonly AcceptedLoss[];
  readonly acceptGrace?: readonly string[];
  readonly acceptNoWayBack?: boolean | readonly string[];
  readonly successors?: readonly AcceptedSuccessor[];
  readonly timeouts?: Partial<Timeouts>;
  readonly showNames?: boolean;
  readonly reprocess?: boolean;
}

/** How one run ended. */
export interface Ended {
  /** The resources that had something to do, in order. */
  readonly ran: readonly string[];
  /** Why it stopped: reasons of the one that did not get done. Empty when all are. */
  readonly unfinished: readonly string[];
}

const TIMEOUTS: Timeouts = { processingMs: 600_000, inheritanceMs: 120_000, settleMs: 30_000, putBackMs: 900_000 };

/** A resource as the engine sees it: its name, its provider, its inputs. */
interface Declared {
  readonly name: string;
  readonly provider: HostedProvider;
  readonly inputs: Bag;
  /** Names of the rows on which it depends. */
  readonly after: readonly string[];
}

/**
 * A stack without an engine: real reading, planning and providers, and a state that is JSON. It keeps to what the engine
 * does with a dynamic provider: check, diff, create or update, and a partial result kept from the error that carries it.
 */
export class SmallStack {
  readonly #state = new Map<string, { id: string; inputs: Bag; outs: Bag }>();
  #names: NamesInUse["byGroup"] = new Map();

  constructor(
    private readonly rig: Rig,
    public file: SmallStackFile,
    /** Users of one unit of removal; absent: as many as the product takes. */
    private readonly usersPerUnit: number | null = null,
  ) {}

  /** Reads and decides; changes nothing. */
  async plan(): Promise<{
    readonly plan: MigrationPlan;
    readonly snapshot: TenantSnapshot;
    readonly document: PlanDocument;
  }> {
    const graph = this.rig.graph();
    const { groups, waves = [], applyThrough = null } = this.file;
    const listedSkus = new Catalog(await graph.subscribedSkus());
    const catalog = new Catalog(listedSkus.skus, resolveSuccessors(this.file.successors ?? [], listedSkus));
    const own = this.#record();
    const known = mergedNames([...own.groupLicenses.values()].map(({ names }) => names));
    const names = namesInUse(groups, catalog, known);
    const declared = await resolveDeclaration(graph, groups, catalog, undefined, known, own);
    const { snapshot: listed } = await readSnapshot(graph, declared, catalog, recordedSkus(own.baseline));
    const { acceptGrace = [], acceptNoWayBack = false } = this.file;
    const accepts = resolveAcceptedRisks({ acceptGrace, acceptNoWayBack }, catalog, known);
    const givenUp = await resolveWrittenOff(graph, this.file.writtenOff ?? []);
    const accepted = resolveAcceptedLosses(this.file.acceptLoss ?? [], catalog, known);
    const record = withInterrupted(own, listed, accepted);
    const { snapshot: withDebtors, evidence } = await readDebtEvidence(graph, listed, record, waves, givenUp.users);
    const snapshot = { ...(await readLasting(graph, withDebtors)), accepts };
    const { members: named, notes } = await resolveWaves(graph, waves, record);
    const moveLast = await resolveMoveLast(graph, this.file.moveLast ?? [], record);
    const moves = await resolveMoves(graph, this.file.moves ?? [], declared, snapshot.groups);
    const after = await refuseDroppedGroups(graph, snapshot, record, accepted);
    const auditLog = await readAuditLog(graph, returnedLicenses(snapshot, record), graph.now());
    const nowMs = graph.now();
    const limit = this.file.departures ?? USUAL_DEPARTURES;
    const left = tooManyLeft({ snapshot, record, accepted: alsoInTarget(accepted, moves), nowMs, limit });
    const input: PlanInput = {
      groupAudit: await readGroupAudit(graph, left, nowMs),
      snapshot,
      auditLog,
      waves,
      moves,
      named,
      moveLast: moveLast.users,
      notes: [...groupNotes(groups, declared), ...names.findings, ...notes, ...moveLast.notes, ...givenUp.notes],
      debtEvidence: evidence,
      applyThrough,
      record,
      accepted,
      after,
      nowMs,
      departureLimit: limit,
    };
    const plan = planMigration(input);
    this.#names = names.byGroup;
    const document = planDocument({
      ...{ stack: "contoso", tenant: "contoso.com", input, plan, warnings: [] },
      showNames: this.file.showNames ?? false,
    });
    return { plan, snapshot, document };
  }

  /** Names of what a run would do now. */
  async preview(): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const each of await this.#declare()) {
      if (await this.#hasWork(await this.#checked(each, { __preview: true }))) changed.push(each.name);
    }
    return changed;
  }

  /**
   * `between` happens after the plan and before the first resource is touched, as other people's changes do.
   *
   * @param leftOut rows that a flag such as --exclude leaves out
   */
  async up(between: () => void = () => undefined, leftOut: readonly string[] = []): Promise<Ended> {
    this.rig.host.receipts = new Receipts();
    const declared = (await this.#declare()).filter(({ name }) => !leftOut.includes(name));
    between();
    const ran: string[] = [];
    for (const raw of declared) {
      const each = await this.#checked(raw);
      if (!(await this.#hasWork(each))) continue;
      ran.push(each.name);
      const unfinished = await this.#converge(each);
      if (unfinished.length > 0) return { ran, unfinished };
    }
    return { ran, unfinished: [] };
  }

  wave(name = "everyone-1"): RemovalOutputs {
    return this.outputs(name) as unknown as RemovalOutputs;
  }

  move(name: string): MoveOutputs {
    return this.outputs(name) as unknown as MoveOutputs;
  }

  gate(): GateOutputs {
    return this.outputs("inheritance") as unknown as GateOutputs;
  }

  debts(): DebtsOutputs {
    return this.outputs("debts") as unknown as DebtsOutputs;
  }

  baseline(): BaselineOutputs {
    return this.outputs("baseline") as unknown as BaselineOutputs;
  }

  outputs(name: string): Bag {
    const found = this.#state.get(name);
    assert.ok(found, `nothing in the state is called ${name}`);
    return found.outs;
  }

  groupRows(): readonly GroupLicenseOutputs[] {
    const all = [...this.#state.values()].filter(({ outs }) => outs["licenses"] !== undefined);
    return all.map(({ outs }) => outs as unknown as GroupLicenseOutputs);
  }

  /** Edits the state by hand. */
  rewrite(name: string, change: (outs: Bag) => Bag): void {
    const found = this.#state.get(name);
    assert.ok(found, `nothing in the state is called ${name}`);
    this.#state.set(name, { ...found, outs: change(found.outs) });
  }

  /** The resource with the inputs that `check` made of its own, as the engine goes on with. */
  async #checked(declared: Declared, more: Bag = {}): Promise<Declared> {
    const { name, provider } = declared;
    const { inputs, failures } = await provider.check(this.#state.get(name)?.inputs ?? {}, {
      ...declared.inputs,
      __behind: declared.after.map((before) => ({ urn: `urn::${before}`, id: this.#state.get(before)?.id })),
      ...more,
    });
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    return { ...declared, inputs };
  }

  async #hasWork({ name, provider, inputs }: Declared): Promise<boolean> {
    const olds = this.#state.get(name);
    if (olds === undefined) return true;
    const { changes } = await provider.diff(olds.id, olds.outs, inputs);
    if (!changes) this.#state.set(name, { ...olds, inputs });
    return changes;
  }

  async #converge({ name, provider, inputs }: Declared): Promise<readonly string[]> {
    const olds = this.#state.get(name);
    try {
      if (olds === undefined) this.#state.set(name, { inputs, ...(await provider.create(inputs)) });
      else this.#state.set(name, { inputs, id: olds.id, ...(await provider.update(olds.id, olds.outs, inputs)) });
      return [];
    } catch (error) {
      const { properties, reasons, id } = error as { id?: string; properties?: Bag; reasons?: readonly string[] };
      if (properties === undefined || reasons === undefined || id === undefined) throw error;
      // The engine keeps the old inputs of an update that failed, and the new ones of a create.
      this.#state.set(name, { id, inputs: olds?.inputs ?? inputs, outs: properties });
      return reasons;
    }
  }

  async #declare(): Promise<readonly Declared[]> {
    const { plan, snapshot } = await this.plan();
    const { connection } = this.rig;
    const baseline = baselineInputs(connection, plan, skusInScope(snapshot.declared), snapshot.catalog);
    const takeOffs = (isFirst: boolean, after: readonly string[] = []) =>
      plan.groups
        .filter((group) => group.hasTakeOff && isBeforeGate(group) === isFirst)
        .map((group) => {
          const inputs = takeOffInputs(connection, group, snapshot.catalog, this.#timeouts) as unknown as Bag;
          return this.#resource(`${group.declared.name}-take-off`, groupLicenseTakeOff, inputs, after);
        });
    return [
      ...plan.groups.map((group) =>
        this.#resource(group.declared.name, groupLicense, {
          group: group.declared,
          changes: formatChange(group, snapshot.catalog),
          refusal: group.refusal ?? "",
          acceptLoss: group.accepted,
          successors: [],
          __later: group.later.map(({ skuId }) => skuId),
          __successors: snapshot.catalog.accepted,
          __left: group.left.map(({ skuId }) => skuId),
          others: Object.fromEntries(group.others),
          addedPlans: plan.addedPlans
            .filter((each) => each.group === group.declared.name)
            .map((each) => addedPlanName(each, snapshot.catalog)),
          __plans: plansToRecord(group.declared, snapshot.catalog),
          __names: this.#names.get(group.declared.name) ?? NO_NAMES,
        }),
      ),
      ...(plan.keepsDebts
        ? [
            this.#resource(
              "debts",
              directLicenseDebts,
              debtsInputs(this.rig.connection, plan.debts, snapshot.catalog, this.#timeouts),
            ),
          ]
        : []),
      ...takeOffs(true),
      this.#resource("inheritance", verifiedInheritance, {
        groups: groupsOfGate(plan.groups),
        timeouts: this.#timeouts,
        digest: plan.inheritanceDigest ?? "",
        moveLast: Object.fromEntries(plan.moveLast),
        lostSubscriptions: plan.lostSubscriptions,
        reprocess: this.file.reprocess ?? false,
        __failing: failingDigest(failingAmong(plan.groups.flatMap(({ problems }) => problems)), snapshot.catalog),
      }),
      ...takeOffs(false, ["inheritance"]),
      this.#resource("baseline", directLicenseBaseline, baseline as unknown as Bag, ["inheritance"]),
      ...plan.waves.flatMap((wave) => [
        ...wave.slices.map((slice) =>
          this.#resource(
            `${wave.name}-${slice.number}`,
            this.#removal,
            removalInputs(wave, slice, {
              connection: this.rig.connection,
              snapshot,
              nestedUsers: nestedUsersOf(snapshot),
              inError: plan.inError,
              moveLast: plan.moveLast,
              baselineDigest: baseline.digest,
              timeouts: this.#timeouts,
              showNames: this.file.showNames ?? false,
              reprocess: this.file.reprocess ?? false,
            }) as unknown as Bag,
            wave.mode === "restore" ? [] : ["baseline"],
          ),
        ),
        ...wave.moves.flatMap((each) =>
          each.slices.map((slice) =>
            this.#resource(
              moveRow(wave.name, each.move, slice),
              groupMembershipMove,
              moveInputs(wave, each, slice, {
                connection: this.rig.connection,
                snapshot,
                accepted: plan.accepted,
                moveLast: plan.moveLast,
                baselineDigest: baseline.digest,
                timeouts: this.#timeouts,
                reprocess: this.file.reprocess ?? false,
              }) as unknown as Bag,
              wave.mode === "restore" ? [] : ["baseline"],
            ),
          ),
        ),
      ]),
    ];
  }

  get #removal(): typeof directLicenseRemoval {
    const { usersPerUnit } = this;
    return usersPerUnit === null ? directLicenseRemoval : removalInUnitsOf(() => usersPerUnit);
  }

  get #timeouts(): Timeouts {
    return { ...TIMEOUTS, ...this.file.timeouts };
  }

  /** The inputs come out of the engine, as they do on their way to a provider. */
  #resource<I extends object, O extends object>(
    name: string,
    lifecycle: Lifecycle<I, O>,
    inputs: Bag,
    after: readonly string[] = [],
  ): Declared {
    const all = { connection: this.rig.connection, ...inputs, __urn: name, __provider: "the stub" };
    return {
      name,
      provider: toPulumiProvider(lifecycle, () => this.rig.host),
      inputs: keptByEngine(all),
      after,
    };
  }

  #record() {
    const outputsWhere = <T>(is: (name: string, outs: Bag) => boolean): T[] =>
      [...this.#state].flatMap(([name, { outs }]) => (is(name, outs) ? [keptByEngine(outs) as T] : []));
    return recordOf({
      baselines: outputsWhere<BaselineOutputs>((name) => name === "baseline"),
      slices: outputsWhere<RemovalOutputs>((_name, outs) => outs["wave"] !== undefined && outs["fromId"] === undefined),
      moves: outputsWhere<MoveOutputs>((_name, outs) => outs["fromId"] !== undefined),
      debts: outputsWhere<DebtsOutputs>((name) => name === "debts"),
      gates: outputsWhere<GateState>((name) => name === "inheritance"),
      groupLicenses: outputsWhere<GroupLicenseOutputs>((_name, outs) => outs["licenses"] !== undefined),
      takeOffs: outputsWhere<TakeOffOutputs>((_name, outs) => outs["off"] !== undefined),
    });
  }
}
