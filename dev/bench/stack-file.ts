import { configTexts } from "../../licensing/stack-file/config-texts";
import { readStackFile } from "../../licensing/stack-file/reading";
import type { StackFile } from "../../licensing/stack-file/stack-file";

type Config = Readonly<Record<string, unknown>>;

/** The stack file for the seed tenant in another size: two groups, and waves for a canary, a tenth and the rest. */
export function benchStackFile(url: string, tenant: string, more: Config = {}): Config {
  return {
    "licensing:tenant": tenant,
    "licensing:cloud": { graph: url, authority: url },
    "licensing:groups": {
      "all-users": { existing: "All users", licenses: ["EMS"] },
      finance: { existing: "Finance department", licenses: ["ENTERPRISEPACK"] },
    },
    "licensing:waves": [
      { name: "canary", count: 20 },
      { name: "tenth", percent: 10 },
      { name: "everyone", percent: 100 },
    ],
    ...more,
  };
}

/** As the program understands it, for the tenant that this process signs in to. Every wave may run. */
export function theStackFile(url: string): StackFile {
  const tenant = process.env["AZURE_TENANT_ID"] ?? "";
  const reading = readStackFile(configTexts(benchStackFile(url, tenant, { "licensing:applyThrough": "everyone" })));
  if (!reading.ok) throw new Error(reading.mistakes.map(({ path, message }) => `${path}: ${message}`).join("; "));
  return reading.stackFile;
}
