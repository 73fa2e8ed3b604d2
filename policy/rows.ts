/**
 * What policies see of the rows of a preview: their inputs, without those whose key begins with `__`. A contract with
 * people who write rules of their own; `test/policy/rows.test.ts` holds the program to it.
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
  /** Users of the whole wave from whom something is to be removed. */
  readonly users: number;
  /** The nearest wave before it that moves somebody; without one, no name and no users. */
  readonly after: { readonly wave: string; readonly users: number; readonly soakMs: number };
  /** Those of `licensing:moveLast` from whom this slice is to remove something: object ids, as at the gate. */
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
  /** Object ids, by the word for the user in the stack file. */
  readonly moveLast: Readonly<Record<string, string>>;
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
