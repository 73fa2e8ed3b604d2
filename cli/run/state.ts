/** A stack's state as `pulumi stack export` gives it, as far as `status` needs it. */
export interface ExportedState {
  readonly deployment?: {
    readonly manifest?: { readonly time?: string };
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly resource: StateResource; readonly type: string }[];
  };
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Where a wave stands by the state: what its parts have done, and which one an operation is about. */
export interface WaveStatus {
  readonly name: string;
  readonly state: "done" | "running" | "waits" | "not-done" | "rolled-back";
  readonly moved: number;
  /** Users that went from group to group, and those still to go. */
  readonly groupMoves: { readonly moved: number; readonly pending: number };
  readonly blocked: number;
  /** Direct assignments still to be removed, by SKU. */
  readonly pending: Readonly<Record<string, number>>;
  /** Direct assignments that stay, by reason. */
  readonly stays: Readonly<Record<string, number>>;
  readonly doneAt: string | null;
  readonly parts: number;
  /** The part that a run has begun and not ended, such as `3 of 12`; `null`: none. */
  readonly partInHand: string | null;
  /** Direct assignments that this part was about to remove, by SKU; those that it has removed are in no other number. */
  readonly begun: Readonly<Record<string, number>>;
}

const REMOVAL = "pulumi-nodejs:dynamic/licensing:DirectLicenseRemoval";
const MOVE = "pulumi-nodejs:dynamic/licensing:GroupMembershipMove";

/** The waves of a state, in order. */
export function wavesIn({ deployment = {} }: ExportedState): readonly WaveStatus[] {
  const pending = (deployment.pending_operations ?? []).map(({ resource }) => resource).filter(isPart);
  const parts = (deployment.resources ?? []).filter(isPart);
  const names = [...new Set([...parts, ...pending].sort(byOrder).map(waveOf))];
  return names.map((name) =>
    waveStatus(
      name,
      parts.filter((part) => waveOf(part) === name),
      pending.filter((part) => waveOf(part) === name),
    ),
  );
}

/** Users with a direct licence on record; `null`: there is no record yet. */
export function usersOnRecord({ deployment = {} }: ExportedState): number | null {
  const baseline = (deployment.resources ?? []).find(({ type }) => type.endsWith(":DirectLicenseBaseline"));
  const users = baseline?.outputs?.["users"] ?? baseline?.inputs?.["users"];
  return typeof users === "number" ? users : null;
}

function isPart({ type }: StateResource): boolean {
  return type === REMOVAL || type === MOVE;
}

function waveOf({ inputs, outputs }: StateResource): string {
  return textIn(inputs, "wave") || textIn(outputs, "wave");
}

/** `2 of 3` is the second wave. */
function byOrder(a: StateResource, b: StateResource): number {
  const place = ({ inputs }: StateResource) => Number.parseInt(textIn(inputs, "order") || "0", 10);
  return place(a) - place(b);
}

function waveStatus(name: string, parts: readonly StateResource[], inHand: readonly StateResource[]): WaveStatus {
  const outputs = parts.map((part) => part.outputs ?? {});
  const doneAts = outputs.map(({ doneAt }) => (typeof doneAt === "string" ? doneAt : null));
  const [removals, moves] = [REMOVAL, MOVE].map((type) =>
    parts.filter((part) => part.type === type).map((part) => part.outputs ?? {}),
  );
  const sum = (of: typeof outputs | undefined, key: "moved" | "blocked") =>
    (of ?? []).reduce((all, { outcome }) => all + ((outcome as Record<string, number> | undefined)?.[key] ?? 0), 0);
  const doneAt = doneAts.length > 0 && doneAts.every((at) => at !== null) ? (doneAts.sort().at(-1) ?? null) : null;
  const status = (word: string) => outputs.length > 0 && outputs.every((each) => each["status"] === word);
  return {
    name,
    state:
      inHand.length > 0
        ? "running"
        : status("rolled-back")
          ? "rolled-back"
          : doneAt !== null
            ? "done"
            : status("waiting")
              ? "waits"
              : "not-done",
    moved: sum(removals, "moved"),
    groupMoves: {
      moved: sum(moves, "moved"),
      pending: (moves ?? []).reduce((all, { pending }) => all + (typeof pending === "number" ? pending : 0), 0),
    },
    blocked: sum(outputs, "blocked"),
    pending: addedUp((removals ?? []).map((each) => each["pending"])),
    stays: addedUp(outputs.map((each) => each["stays"])),
    doneAt,
    parts: Math.max(parts.length, 1),
    partInHand: inHand[0] === undefined ? null : textIn(inHand[0].inputs, "slice"),
    begun: addedUp(inHand.map(({ inputs }) => inputs?.["remove"])),
  };
}

function addedUp(counts: readonly unknown[]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const each of counts) {
    for (const [word, count] of Object.entries((each ?? {}) as Record<string, number>))
      sum[word] = (sum[word] ?? 0) + count;
  }
  return sum;
}

function textIn(properties: Readonly<Record<string, unknown>> | undefined, key: string): string {
  const value = properties?.[key];
  return typeof value === "string" ? value : "";
}
