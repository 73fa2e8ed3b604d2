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
        `Graph refused ${counted(refused, "request")} for its quotas (429), each with the time to wait. ` +
        (early === 0
          ? "No request was sent before its time."
          : `${counted(early, "request")} ${early === 1 ? "was" : "were"} sent before the time.`)
      );
    },
  };
}
