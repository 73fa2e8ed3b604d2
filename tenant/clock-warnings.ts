/** Kerberos and tokens forgive as much. */
const MUCH_MS = 5 * 60_000;

/**
 * What to say of this machine's clock. Soaks and departures are counted by Graph's; sign-in, waits and the times in logs are not.
 *
 * @param aheadMs how far it is ahead of Graph's; `null`: Graph's answers do not tell the time
 */
export function clockWarnings(aheadMs: number | null): readonly string[] {
  if (aheadMs === null) {
    return [
      "Graph's answers do not tell the time (no Date header): soaks are counted by this machine's clock. Look whether it is right.",
    ];
  }
  if (Math.abs(aheadMs) <= MUCH_MS) return [];
  const side = aheadMs < 0 ? "behind" : "ahead of";
  return [
    `This machine's clock is more than ${howMuch(Math.abs(aheadMs))} ${side} Graph's. Soaks are counted by Graph's; set this one ` +
      "(timedatectl set-ntp true), because sign-in fails when it is far off.",
  ];
}

/** Rounded down, so that a plan and the run that applies it say the same. */
function howMuch(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours >= 2 ? `${hours} hours` : `${Math.floor(ms / 300_000) * 5} minutes`;
}
