import { counted } from "../../licensing/counts";
import { isOfWave, removesSomething } from "../removes-something";
import type { Rule } from "../rule";

/** Requires that the first wave with removals is small. */
export const canaryFirst: Rule<{ readonly atMostUsers: number }> = {
  name: "canary-first",
  description: "The first wave that removes something is a canary: a few users.",
  settings: {
    atMostUsers: { type: "integer", minimum: 1, default: 50, description: "How many users a canary may have." },
  },

  judge(row, { atMostUsers }) {
    if (!isOfWave(row) || !removesSomething(row)) return [];
    const users = row.kind === "move" ? row.usersOfWave : row.users;
    // A wave after another wave with removals has a canary: the first one was checked at its own row.
    if (row.after.users > 0 || users <= atMostUsers) return [];
    return [
      `Wave ${row.wave} would be the first to remove something, from ${counted(users, "user")}; a canary may have ` +
        `${atMostUsers}. Put a smaller wave before it in licensing:waves, such as {name: canary, count: ` +
        `${Math.min(atMostUsers, 20)}, soak: 24 hours}, or make ${row.wave} smaller.`,
    ];
  },
};
