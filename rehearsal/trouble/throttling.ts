import type { ThrottleOptions } from "../../emulator";
import { counted } from "../../licensing/counts";
import type { Scene, Trouble } from "./trouble";

/** Graph's documented quotas. Waits for them are honoured in full by the tenant's clock. */
export const REAL_QUOTAS: ThrottleOptions = {};

export function throttling({ stage }: Scene): Trouble {
  const { requests } = stage.emulator;
  return {
    option: "--throttle",
    report: () => {
      const refused = requests.count({ status: 429 });
      const early = requests.early().length;
      if (refused === 0) return "Graph's quotas were never reached.";
      return (
        `Graph said ${counted(refused, "time", "times")} that it was too much, and by when to come again. ` +
        (early === 0 ? "Nothing came before its time." : `${counted(early, "request")} came before its time.`)
      );
    },
  };
}
