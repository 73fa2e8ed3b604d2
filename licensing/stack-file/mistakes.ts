import { LOGICAL_NAME, LOGICAL_NAME_RULE } from "./logical-name";
import { didYouMean } from "../nearest";

/** A mistake, located by the keys that lead to it. */
export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Finds mistakes between parts of the file: duplicate names, percentages that take no users, missing waves. Reads
 * the raw file, so that they are reported together with mistakes inside a part.
 */
export function mistakesBetweenParts(raw: Readonly<Record<string, unknown>>): readonly Mistake[] {
  const waves = Array.isArray(raw["waves"]) ? raw["waves"].map(loosely) : [];
  return [
    ...oddNames(raw["groups"]),
    ...twice(waves),
    ...takingNobody(waves),
    ...noSuchWave(raw["applyThrough"], waves),
    ...lastAndEarlier(raw["moveLast"], waves),
    ...oddMoves(raw["moves"], raw["groups"], waves),
  ];
}

/**
 * Moves between groups that are not declared, or of which it is unclear where their members end: a group leads to one
 * group, and none both gives members away and takes some in.
 */
function oddMoves(moves: unknown, groups: unknown, waves: readonly LooseWave[]): Mistake[] {
  if (!Array.isArray(moves)) return [];
  const declared = groups as Readonly<Record<string, unknown>> | null | undefined;
  const names = typeof declared === "object" && declared !== null ? Object.keys(declared) : [];
  const all = moves.map((move) => {
    const { from, to, acceptOtherUses } = (typeof move === "object" && move !== null ? move : {}) as LooseMove;
    return { from, to, acceptOtherUses: Array.isArray(acceptOtherUses) ? (acceptOtherUses as unknown[]) : [] };
  });
  const mistakes = all.flatMap(({ from, to, acceptOtherUses }, index): Mistake[] => {
    const complain = (key: string, message: string): Mistake[] => [{ path: ["moves", index, key], message }];
    const unknown = (["from", "to"] as const).flatMap((key) => {
      const name = key === "from" ? from : to;
      if (typeof name !== "string") return [];
      if (!names.includes(name)) {
        return complain(key, `"${name}" is no group of licensing:groups: declare it there.${didYouMean(name, names)}`);
      }
      return isMade(declared?.[name])
        ? complain(key, `"${name}" is a group that is made here: a move is between groups that are there (existing)`)
        : [];
    });
    if (unknown.length > 0) return unknown;
    if (from === to) return complain("to", "is the group that the members leave: name another one");
    if (all.findIndex((other) => other.from === from) < index) {
      return complain("from", `another move leads out of "${String(from)}": a group leads to one group`);
    }
    if (all.some((other) => other.from === to)) {
      return complain(
        "to",
        `"${String(to)}" is the from of a move: finish that move first, and take it out of the file`,
      );
    }
    return acceptOtherUses.flatMap((name, at) =>
      name === from || name === to
        ? []
        : [
            {
              path: ["moves", index, "acceptOtherUses", at],
              message: `names neither "${String(from)}" nor "${String(to)}"`,
            },
          ],
    );
  });
  if (moves.length === 0 || waves.length > 0) return mistakes;
  return [...mistakes, { path: ["moves"], message: "go in waves, and no wave is declared: add licensing:waves" }];
}

interface LooseMove {
  readonly from?: unknown;
  readonly to?: unknown;
  readonly acceptOtherUses?: unknown;
}

function isMade(group: unknown): boolean {
  return typeof group === "object" && group !== null && "create" in group;
}

/** Group names become resource names, so they must be valid logical names. */
function oddNames(groups: unknown): Mistake[] {
  if (typeof groups !== "object" || groups === null || Array.isArray(groups)) return [];
  return Object.keys(groups)
    .filter((name) => !LOGICAL_NAME.test(name))
    .map((name) => ({ path: ["groups", name], message: `"${name}" ${LOGICAL_NAME_RULE}` }));
}

interface LooseWave {
  readonly name: string | null;
  readonly percent: number | null;
  readonly users: readonly unknown[];
}

function loosely(wave: unknown): LooseWave {
  const { name, percent, users } = (typeof wave === "object" && wave !== null ? wave : {}) as Record<string, unknown>;
  return {
    name: typeof name === "string" ? name : null,
    percent: typeof percent === "number" ? percent : null,
    users: Array.isArray(users) ? users : [],
  };
}

function twice(waves: readonly LooseWave[]): Mistake[] {
  return waves.flatMap(({ name }, index) =>
    name !== null && waves.findIndex((other) => other.name === name) < index
      ? [{ path: ["waves", index, "name"], message: `there is another wave "${name}": give each a name of its own` }]
      : [],
  );
}

function takingNobody(waves: readonly LooseWave[]): Mistake[] {
  let taken = 0;
  return waves.flatMap(({ percent }, index) => {
    if (percent === null || percent <= 0 || percent > 100) return [];
    const before = taken;
    taken = Math.max(taken, percent);
    if (percent > before) return [];
    const message = `takes no user: an earlier wave takes ${before} % of all users already, and percentages count from the first user, not from the wave before. Write more than ${before}, or take this wave out`;
    return [{ path: ["waves", index, "percent"], message }];
  });
}

function noSuchWave(applyThrough: unknown, waves: readonly LooseWave[]): Mistake[] {
  if (typeof applyThrough !== "string") return [];
  const names = waves.flatMap(({ name }) => (name === null ? [] : [name]));
  if (names.includes(applyThrough)) return [];
  const allowed = names.length === 0 ? "no wave is declared" : `the waves are ${[...new Set(names)].join(", ")}`;
  return [
    { path: ["applyThrough"], message: `"${applyThrough}" is no wave: ${allowed}.${didYouMean(applyThrough, names)}` },
  ];
}

/**
 * Finds users listed both in an earlier wave and in `licensing:moveLast`. Other selectors skip those users without
 * a mistake.
 */
function lastAndEarlier(moveLast: unknown, waves: readonly LooseWave[]): Mistake[] {
  const last = new Set(Array.isArray(moveLast) ? moveLast.map((word) => String(word).toLowerCase()) : []);
  return waves.slice(0, -1).flatMap(({ users }, index) =>
    users.flatMap((word, at) =>
      last.has(String(word).toLowerCase())
        ? [
            {
              path: ["waves", index, "users", at],
              message: `${String(word)} is in licensing:moveLast, so only the last wave may take them: take them out here or there`,
            },
          ]
        : [],
    ),
  );
}
