/**
 * The inputs of a preview's rows that policies see: all keys except those with the prefix `__`. This is a public contract for
 * custom rules; `test/policy/rows.test.ts` enforces it.
 */
export type Row = RemovalRow | GroupRow | GateRow;

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
  /** Direct assignments to remove, by SKU. */
  readonly remove: Readonly<Record<string, number>>;
  /** This update leaves the wave alone. */
  readonly waits: boolean;
  /** Number of users in the whole wave with a planned removal. */
  readonly users: number;
  /** The nearest earlier wave with a planned removal; an empty name and no users if there is none. */
  readonly after: { readonly wave: string; readonly users: number; readonly soakMs: number };
  /** Users of `licensing:moveLast` with a removal in this slice: object ids, as at the gate. */
  readonly moveLast: Readonly<Record<string, string>>;
}

/** A licensing group. */
export interface GroupRow {
  readonly kind: "group";
  readonly urn: string;
  readonly group: { readonly name: string; readonly groupId: string; readonly displayName: string };
  readonly acceptLoss: readonly AcceptedLoss[];
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
  "pulumi-nodejs:dynamic/licensing:GroupLicense": "group",
  "pulumi-nodejs:dynamic/licensing:VerifiedInheritance": "gate",
};

/** A resource as one of these; `null`: no rule is about it. */
export function rowOf(type: string, urn: string, props: Readonly<Record<string, unknown>>): Row | null {
  const kind = kinds[type];
  return kind === undefined ? null : ({ ...props, kind, urn } as Row);
}
