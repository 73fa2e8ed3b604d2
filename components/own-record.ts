import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { BaselineOutputs } from "../dynamic-providers/direct-license-baseline";
import type { DebtsOutputs } from "../dynamic-providers/direct-license-debts";
import type { EvaluatedRuleOutputs } from "../dynamic-providers/evaluated-rule";
import type { GroupLicenseOutputs } from "../dynamic-providers/group-license";
import type { TakeOffOutputs } from "../dynamic-providers/group-license-take-off";
import type { GroupMembersOutputs } from "../dynamic-providers/group-members";
import type { MoveOutputs } from "../dynamic-providers/moving/move-outputs";
import type { RemovalOutputs } from "../dynamic-providers/removal/removal-outputs";
import { recordOf, type GateState, type MadeGroupState, type StackRecord } from "../licensing/record/record";

/**
 * Reads the record of a component's earlier runs from this stack's state: the users of each wave, and when waves were
 * done. The engine answers from its last checkpoint; a new stack has none. See
 * docs/decisions/0003-the-plan-reads-the-stacks-own-state.md.
 *
 * @param urn of the component. Its type holds its name, so the URNs of its rows begin as no other component's do
 */
export async function readOwnRecord(urn: Promise<string>): Promise<StackRecord> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const ask = () => pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
  const answer = (await whenWritten(ask, sleep)) as {
    readonly outputs?: Readonly<Record<string, { readonly type: string; readonly outputs: unknown }>>;
  };
  const byUrn = rowsWithin(answer.outputs ?? {}, await urn);
  const resources = byUrn.map(([, resource]) => resource);
  const ofType = <T>(type: string): T[] =>
    resources
      .filter((each) => each.type === `pulumi-nodejs:dynamic/licensing:${type}`)
      .map(({ outputs }) => outputs as T);
  return recordOf({
    baselines: ofType<BaselineOutputs>("DirectLicenseBaseline"),
    debts: ofType<DebtsOutputs>("DirectLicenseDebts"),
    slices: ofType<RemovalOutputs>("DirectLicenseRemoval"),
    groupLicenses: ofType<GroupLicenseOutputs>("GroupLicense"),
    madeGroups: byUrn.flatMap(([urn, { type, outputs }]) => (type === GROUP_TYPE ? madeGroup(urn, outputs) : [])),
    groupMembers: ofType<GroupMembersOutputs>("GroupMembers"),
    moves: ofType<MoveOutputs>("GroupMembershipMove"),
    takeOffs: ofType<TakeOffOutputs>("GroupLicenseTakeOff"),
    gates: ofType<GateState>("VerifiedInheritance"),
    evaluatedRules: ofType<EvaluatedRuleOutputs>("EvaluatedRule"),
  });
}

const ATTEMPTS = 10;
const PAUSE_MS = 300;

/**
 * Reads a checkpoint again while the engine writes it: a state in a file can be found empty or in part at that moment.
 *
 * @param wait in milliseconds
 * @throws the engine's error, if the checkpoint stays unreadable for three seconds, or for any other reason
 */
export async function whenWritten<T>(read: () => Promise<T>, wait: (ms: number) => Promise<unknown>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === ATTEMPTS || !String(error).includes("failed to load checkpoint")) throw error;
      await wait(PAUSE_MS);
    }
  }
}

/**
 * The rows of a state that stand below a component, by their URN.
 *
 * @param urn of the component
 */
export function rowsWithin<Row>(rows: Readonly<Record<string, Row>>, urn: string): readonly (readonly [string, Row])[] {
  const within = `${typePartOf(urn)}$`;
  // check: a component reads its own record, and none of another component's
  return Object.entries(rows).filter(([row]) => row.startsWith(within));
}

/** Without the name, which is the last part. */
function typePartOf(urn: string): string {
  return urn.slice(0, urn.lastIndexOf("::"));
}

const GROUP_TYPE = "azuread:index/group:Group";

/** The row's logical name is the last part of its URN. */
function madeGroup(urn: string, outputs: unknown): readonly MadeGroupState[] {
  const {
    objectId,
    owners = [],
    dynamicMembership,
  } = outputs as {
    readonly objectId?: string;
    readonly owners?: readonly string[];
    readonly dynamicMembership?: { readonly rule?: string } | null;
  };
  // A group without an id: its creation was interrupted.
  if (objectId === undefined) return [];
  return [
    {
      name: urn.slice(urn.lastIndexOf("::") + 2),
      groupId: objectId.toLowerCase(),
      ownerIds: owners.map((id) => id.toLowerCase()),
      rule: dynamicMembership?.rule ?? null,
    },
  ];
}
