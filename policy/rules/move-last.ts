import { isOfWave, removesSomething } from "../removes-something";
import type { GateRow, MoveRow, RemovalRow } from "../rows";
import type { Rule } from "../rule";

/**
 * Keeps protected users in the last wave. The stack file must name them in `licensing:moveLast`: then the program takes them out of
 * all earlier waves and lists those that it cannot.
 * See docs/decisions/0008-the-users-to-move-last-are-in-the-stack-file.md.
 */
export const moveLast: Rule<{ readonly users: readonly string[] }> = {
  name: "move-last",
  description: "Certain users go with the last wave.",
  settings: {
    users: {
      type: "array",
      items: { type: "string", minLength: 1 },
      default: [],
      description: "User principal names or object ids.",
    },
  },

  judge(row, { users }) {
    if (users.length === 0) return [];
    if (row.kind === "gate") return notNamed(row, users);
    return isOfWave(row) && removesSomething(row) && !isLast(row) ? tooEarly(row, users) : [];
  },
};

function notNamed({ moveLast: named }: GateRow, users: readonly string[]): readonly string[] {
  const missing = users.filter((user) => !isAmong(named, user));
  if (missing.length === 0) return [];
  return [`Only the last wave may take ${missing.join(", ")}. Add them to licensing:moveLast, written as here.`];
}

function tooEarly({ wave, order, moveLast: going }: RemovalRow | MoveRow, users: readonly string[]): readonly string[] {
  const early = users.filter((user) => isAmong(going, user));
  if (early.length === 0) return [];
  return [
    `Wave ${wave} (${order}) took ${early.join(", ")} before they were in licensing:moveLast, and would go on with ` +
      `them now. A user stays in the wave that took them: put the wave back with rollback: true, or agree to this update ` +
      `by making the rule advisory for it.`,
  ];
}

/** By the word for them in the stack file, or by object id. */
function isAmong(users: Readonly<Record<string, string>>, user: string): boolean {
  return Object.entries(users).some((words) => words.some((word) => word.toLowerCase() === user.toLowerCase()));
}

function isLast({ order }: RemovalRow | MoveRow): boolean {
  const [number, of] = order.split(" of ");
  return number === of;
}
