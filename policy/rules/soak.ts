import { formatDuration, parseDuration } from "../../licensing/duration";
import { isOfWave, removesSomething } from "../removes-something";
import type { Rule } from "../rule";

/** Requires a minimum soak, in which the previous wave's users work with their inherited licences, before the next wave. */
export const soak: Rule<{ readonly atLeast: string }> = {
  name: "soak",
  description: "A wave soaks for long enough before the next one.",
  settings: {
    atLeast: {
      type: "string",
      pattern: "^\\d+ (minute|hour|day|week)s?$",
      default: "24 hours",
      description: 'How long, in words: "24 hours", "7 days".',
    },
  },

  judge(row, { atLeast }) {
    if (!isOfWave(row) || !removesSomething(row) || row.after.users === 0) return [];
    const { wave, soakMs } = row.after;
    if (soakMs >= (parseDuration(atLeast) ?? Infinity)) return [];
    const found = soakMs === 0 ? "without a soak" : `after a soak of ${formatDuration(soakMs)}`;
    return [
      `Wave ${row.wave} would follow ${wave} ${found}, and at least ${atLeast} are asked for. ` +
        `Write soak: ${atLeast} at ${wave} in licensing:waves.`,
    ];
  },
};
