import { UnknownValueError } from "@pulumi/policy";

/**
 * The inputs of a preview's rows that policies see: all keys except those with the prefix `__`. This is a public contract for
 * custom rules; `test/policy/rows.test.ts` enforces it.
 */
export type Row = RemovalRow | MoveRow | GroupRow | TakeOffRow | MadeGroupRow | GateRow;

/** A slice of a wave. */
export interface RemovalRow {
  readonly kind: "removal";
  readonly urn: string;
  readonly wave: string;
  /** `1 of 4`: a part of the wave. */
  readonly slice: string;
  /** `2 of 3`: the wave's place among the waves. */
  readonly order: string;
  readonly mode: "remove" | "restore";
  /** Direct assignments to remove, by SKU; also of SKUs that a group's licence replaces. */
  readonly remove: Readonly<Record<string, number>>;
  /** Users of the whole wave whose call also adds a licence: `STANDARDPACK for a direct ENTERPRISEPACK`. */
  readonly swaps: Readonly<Record<string, number>>;
  /** This update leaves the wave alone. */
  readonly waits: boolean;
  /** Number of users in the whole wave with a planned removal. */
  readonly users: number;
  /** The nearest earlier wave with a planned removal; an empty name and no users if there is none. */
  readonly after: { readonly wave: string; readonly users: number; readonly soakMs: number };
  /** Users of `licensing:moveLast` with a removal in this slice, or a move: object ids, as at the gate. */
  readonly moveLast: Readonly<Record<string, string>>;
}

/** A part of a wave that moves members from one licensing group to another. */
export interface MoveRow extends Pick<
  RemovalRow,
  "urn" | "wave" | "slice" | "order" | "mode" | "waits" | "after" | "moveLast"
> {
  readonly kind: "move";
  /** Logical names. */
  readonly move: { readonly from: string; readonly to: string };
  /** Number of users to move in this part. */
  readonly users: number;
  /** Number of users in the whole wave with a planned removal or move. */
  readonly usersOfWave: number;
}

/** A licensing group. */
export interface GroupRow {
  readonly kind: "group";
  readonly urn: string;
  /** `groupId` is unknown before the group is made: read it with `known`. */
  readonly group: { readonly name: string; readonly groupId: string; readonly displayName: string };
  readonly acceptLoss: readonly AcceptedLoss[];
  /** Those by a plan that the group gives: its licences may change before the gate has all of them. */
  readonly successors: readonly AcceptedSuccessor[];
}

/** What goes off a licensing group beside its own row. */
export interface TakeOffRow extends Pick<GroupRow, "urn" | "group"> {
  readonly kind: "take-off";
  /** SKUs that go off the group. */
  readonly takeOff: readonly string[];
  /** SKUs that come in the very call that takes those off; empty: every member is verified before. */
  readonly swapIn: readonly string[];
}

/** A group that the stack makes, judged before it is made: its licences have a row of their own, which comes later. */
export interface MadeGroupRow {
  readonly kind: "made-group";
  readonly urn: string;
  readonly displayName: string;
}

/** The gate: what the stack file says for all groups and waves. */
export interface GateRow {
  readonly kind: "gate";
  readonly urn: string;
  readonly groups: readonly { readonly name: string }[];
  readonly acceptLoss: readonly AcceptedLoss[];
  readonly successors: readonly AcceptedSuccessor[];
  /** Object ids, by the word for the user in the stack file. */
  readonly moveLast: Readonly<Record<string, string>>;
}

/** An entry of `licensing:successors`. */
export interface AcceptedSuccessor {
  readonly plan: string;
  readonly planId: string;
  readonly by: string;
  readonly byId: string;
}

export interface AcceptedLoss {
  /** The logical name of the group. */
  readonly group: string;
  readonly sku: string;
  readonly skuId: string;
  readonly plan: string;
  readonly planId: string;
}

const kinds: Readonly<Record<string, Row["kind"]>> = {
  "pulumi-nodejs:dynamic/licensing:DirectLicenseRemoval": "removal",
  "pulumi-nodejs:dynamic/licensing:GroupMembershipMove": "move",
  "pulumi-nodejs:dynamic/licensing:GroupLicense": "group",
  "pulumi-nodejs:dynamic/licensing:GroupLicenseTakeOff": "take-off",
  "pulumi-nodejs:dynamic/licensing:VerifiedInheritance": "gate",
};

/** Other groups of a program are none of these rules' business. */
const MADE_GROUP = "licensing:index:LicensingGroup$azuread:index/group:Group::";

/**
 * A resource as one of these; `null`: no rule is about it. Its values are read when a rule reads them, because a value that the
 * preview does not know stops the rule that reads it, and only that one.
 */
export function rowOf(type: string, urn: string, props: Readonly<Record<string, unknown>>): Row | null {
  const kind = urn.includes(MADE_GROUP) ? "made-group" : kinds[type];
  return kind === undefined ? null : (Object.assign(Object.create(props) as object, { kind, urn }) as Row);
}

/** A value that a preview may not know; then `null`. */
export function known<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return null;
    throw error;
  }
}
