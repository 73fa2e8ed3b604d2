import { thousands } from "../../../licensing/counts";
import { formatTimeLeft, type WaveProgress } from "../../../licensing/progress-words";
import { cutTo } from "./lines";

/** One line of a run: the wave, its share, the rate, a wait, the time left. What does not fit is left out from the end. */
export function progressText(
  state: { readonly phase: string; readonly progress: WaveProgress | null; readonly text: string },
  width: number,
): string {
  const { phase, progress, text } = state;
  if (progress === null) return cutTo(text === "" ? phase : `${phase}: ${text}`, width);
  const { done, all, rate, quotaShare, blocked, secondsLeft } = progress;
  const share = all === 0 ? 100 : Math.floor((100 * done) / all);
  const parts = [
    `${phase}: ${thousands(done)} of ${thousands(all)} users, ${share}%`,
    ...(text === "" ? [`${rate.toFixed(rate < 10 ? 1 : 0)}/s`] : [text]),
    ...(secondsLeft === null ? [] : [`${formatTimeLeft(secondsLeft)} left`]),
    `${thousands(blocked)} blocked`,
    `${Math.round(quotaShare * 100)}% of the quota`,
  ];
  let line = parts[0] ?? "";
  for (const part of parts.slice(1)) {
    if (line.length + part.length + 2 > width) break;
    line = `${line}, ${part}`;
  }
  return cutTo(line, width);
}
