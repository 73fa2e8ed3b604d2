// npm run pulumi -- WORDS…: the engine of this checkout, in this project, as if `pulumi WORDS…` had been typed.
import { join } from "node:path";
import { handOver } from "./engine/hand-over";
import { locateEngine } from "./engine/locate";

handOver(locateEngine(), process.argv.slice(2), join(__dirname, ".."));
