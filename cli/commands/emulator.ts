import type * as tool from "../../emulator/serve";
import { examples, wholeNumberFrom, type Register } from "./command";

export const registerEmulator: Register = (program) => {
  program
    .command("emulator")
    .summary("serve a tenant on this machine")
    .description("Serves Entra sign-in and Microsoft Graph for licensing on this machine, with a tenant of its own.")
    .option("--tenant <name>", '"seed", or a JSON file with a tenant (see emulator/README.md)', "seed")
    .option("--users <n>", "how many users the seed's tenant has", wholeNumberFrom(0), 1_000)
    .option("--port <n>", "0 takes a free one", wholeNumberFrom(0), 0)
    .option("--ca <file>", "where to write the certificate to trust")
    .option("--latency <ms>", "how long every answer of Graph takes", wholeNumberFrom(0), 0)
    .option("--throttle", "with Graph's documented quotas", false)
    .option("--json", "print its address and environment as one line of JSON, for a program", false)
    .addHelpText("after", examples("emulator --users 200 --port 8443"))
    .action(async (options: tool.ServeOptions) => {
      const { serve } = require("../../emulator/serve") as typeof tool;
      await serve(options);
    });
};
