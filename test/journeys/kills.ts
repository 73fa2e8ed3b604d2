import type { FaultMatch, RequestEntry } from "../../emulator";
import { sequence, shuffled } from "./random";

/** Which processes of a run are killed; `everything` is a machine that is lost. */
export type Victim = "the engine" | "the provider" | "the program" | "everything";

/** One kill as it was drawn: the moment, and the process. */
export interface Kill {
  readonly place: Place;
  /** So many requests of its place pass first. */
  readonly after: number;
  /** So long after that request, while the run goes on. */
  readonly delayMs: number;
  readonly victim: Victim;
}

/** Places of a run, told by what the tenant is asked for there. */
export type Place = keyof typeof PLACES;

const ABOUT_ONE_USER = /^\/users\/[^?]/;

const PLACES = {
  "the program starts": { match: null, after: 0, delayMs: 1_500 },
  "the tenant is read": { match: {}, after: 12, delayMs: 100 },
  "a group is given its licence": { match: { method: "POST", path: /^\/groups\// }, after: 0, delayMs: 50 },
  "the gate looks": { match: { path: /^\/auditLogs\// }, after: 0, delayMs: 0 },
  // Where the gate of the run before went on after its program was killed, no gate looks again: the wave itself comes next.
  "the baseline is written": { match: { path: /^\/(auditLogs\/|users\/[^?])/ }, after: 1, delayMs: 400 },
  "users are read or read back": { match: { method: "GET", path: ABOUT_ONE_USER }, after: 50, delayMs: 0 },
  "users are written": { match: { method: "POST", path: ABOUT_ONE_USER }, after: 20, delayMs: 0 },
  "any time in a wave": { match: { path: ABOUT_ONE_USER }, after: 40, delayMs: 300 },
} satisfies Record<string, { readonly match: FaultMatch | null; readonly after: number; readonly delayMs: number }>;

/** What a first run comes to one after the other: each is killed there once before it can get any further. */
const ON_THE_WAY: readonly Place[] = [
  "the program starts",
  "a group is given its licence",
  "the gate looks",
  "the baseline is written",
];

/** Where a run can be killed again and again, as often as users are left. */
const IN_THE_WAVES: readonly Place[] = [
  ...times<Place>(7, "users are written"),
  ...times<Place>(4, "users are read or read back"),
  ...times<Place>(4, "any time in a wave"),
  "the tenant is read",
];

export const KILLS_OF_MIGRATION = ON_THE_WAY.length + IN_THE_WAVES.length;

/** What else a run can be doing when it is killed, in the order in which one tenant comes to it. */
export const KINDS = [
  "a canary that is blocked",
  "a put-back",
  "rollback: true",
  "rollback: all",
  "rollback: all without the group",
] as const;

export type Kind = (typeof KINDS)[number];

/** Kills of which the seed draws the kind, besides one of each. */
const MORE_OF_A_KIND = 3;

export const KILLS_OF_WAYS_BACK = KINDS.length + MORE_OF_A_KIND;

export const KILLS_OF_RULE_CHANGE = 2;

/** The ways from one SKU to another: by user in one call, on a group, and from group to group. */
export const REPLACEMENTS = ["a swap", "a change in place", "a move"] as const;

export type Replacement = (typeof REPLACEMENTS)[number];

/** Kills whose stage the seed draws, besides one of each kind on its way forward and back. */
const MORE_REPLACEMENTS = 1;

export const KILLS_OF_REPLACEMENTS = 2 * REPLACEMENTS.length + MORE_REPLACEMENTS;

export const KILLS_PER_ROUND = KILLS_OF_MIGRATION + KILLS_OF_WAYS_BACK + KILLS_OF_RULE_CHANGE + KILLS_OF_REPLACEMENTS;

const VICTIMS: readonly Victim[] = ["the engine", "the engine", "the provider", "the program", "everything"];

/** The kills of one migration, in their order. The same seed, the same kills. */
export function killsOf(seed: number): readonly Kill[] {
  const random = sequence(seed);
  const victims = victimsFor(KILLS_OF_MIGRATION, random);
  return [...ON_THE_WAY, ...shuffled(IN_THE_WAVES, random)].map((place, index) => ({
    place,
    after: Math.floor(random() * (PLACES[place].after + 1)),
    delayMs: Math.floor(random() * PLACES[place].delayMs),
    victim: victims[index] ?? "the engine",
  }));
}

/** One kill of a run that goes back, or stays where it is. */
export interface KillOfKind extends Omit<Kill, "place"> {
  readonly kind: Kind;
  /** The first of its kind comes while users are written; later ones may find nothing left to write. */
  readonly isFirst: boolean;
}

/** Every kind at least once, in their order. The same seed, the same kills. */
export function killsOfKinds(seed: number): readonly KillOfKind[] {
  const random = sequence(seed);
  const victims = victimsFor(KILLS_OF_WAYS_BACK, random);
  const more = Array.from({ length: MORE_OF_A_KIND }, () => KINDS[Math.floor(random() * KINDS.length)]);
  const kinds = KINDS.flatMap((kind): readonly Kind[] => [
    kind,
    ...more.filter((other): other is Kind => other === kind),
  ]);
  return kinds.map((kind, index) => ({
    kind,
    isFirst: kinds.indexOf(kind) === index,
    after: Math.floor(random() * 21),
    delayMs: Math.floor(random() * 150),
    victim: victims[index] ?? "the engine",
  }));
}

/** A refused run ends soon after it has read the tenant. */
export function killsOfRuleChange(seed: number): readonly Omit<Kill, "place">[] {
  const random = sequence(seed);
  const victims = victimsFor(VICTIMS.length, random).slice(0, KILLS_OF_RULE_CHANGE);
  return victims.map((victim) => ({
    after: Math.floor(random() * 8),
    delayMs: Math.floor(random() * 60),
    victim,
  }));
}

/** One way of a replacement, and the kills on it. */
export interface KilledStage {
  readonly kind: Replacement;
  readonly way: "forward" | "back";
  /** The first comes while this kind writes; a later one may find nothing left to write. */
  readonly kills: readonly KillOfStage[];
}

interface KillOfStage extends Omit<Kill, "place"> {
  /** Which of the kind's writes it waits for, from 0 to 1. */
  readonly write: number;
}

/** Each kind forward, and then each back, in an order that the seed draws. The same seed, the same kills. */
export function killedStages(seed: number): readonly KilledStage[] {
  const random = sequence(seed);
  const victims = [...victimsFor(KILLS_OF_REPLACEMENTS, random)];
  // The waves run in their order.
  const forward: Replacement[] = ["a swap", "a move"];
  forward.splice(Math.floor(random() * (forward.length + 1)), 0, "a change in place");
  const stages = [
    ...forward.map((kind) => ({ kind, way: "forward" as const })),
    ...shuffled(REPLACEMENTS, random).map((kind) => ({ kind, way: "back" as const })),
  ];
  const more = times(MORE_REPLACEMENTS, 0).map(() => Math.floor(random() * stages.length));
  return stages.map((stage, index) => ({
    ...stage,
    kills: times(1 + more.filter((at) => at === index).length, 0).map(() => ({
      write: random(),
      after: Math.floor(random() * 21),
      delayMs: Math.floor(random() * 300),
      victim: victims.pop() ?? "the engine",
    })),
  }));
}

/** The requests at which a kill is due; `null`: before there are any. */
export function matchOf({ place }: Kill): FaultMatch | null {
  return PLACES[place].match;
}

/** Where a run really was, by what it had asked for until then. */
export function whereItWas(requests: readonly RequestEntry[]): string {
  const last = requests.at(-1);
  if (last === undefined) return "nothing asked yet";
  if (last.method === "POST" && last.path.startsWith("/users/")) return "users in writing";
  if (last.path.startsWith("/users/")) {
    // Reading back asks for the users alone, a fresh read for their memberships too.
    const before = requests.findLast(({ method, path }) => method === "POST" || path.includes("/memberOf"));
    return before?.path.includes("/memberOf") === true ? "users in reading" : "users in reading back";
  }
  return requests.some(({ path }) => path.startsWith("/users/")) ? "between parts of waves" : "before the waves";
}

function victimsFor(count: number, random: () => number): readonly Victim[] {
  return shuffled(
    Array.from({ length: count }, (_, index) => VICTIMS[index % VICTIMS.length] ?? "the engine"),
    random,
  );
}

function times<T>(count: number, thing: T): readonly T[] {
  return Array.from({ length: count }, () => thing);
}
