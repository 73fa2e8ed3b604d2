// npm run pulumi -- WORDS…: the engine of this checkout, in this project, as if `pulumi WORDS…` had been typed.
import { cutShortStates, formatCutShort } from "./engine/cut-short-state";
import { handOver } from "./engine/hand-over";
import { locateEngine } from "./engine/locate";
import { projectRoot } from "./engine/project-root";

for (const state of cutShortStates(process.env["PULUMI_BACKEND_URL"], "entra-group-licensing")) {
  process.stderr.write(formatCutShort(state));
}
handOver(locateEngine(), process.argv.slice(2), projectRoot);
