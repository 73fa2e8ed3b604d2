import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument, type Pair, type Scalar, type YAMLMap } from "yaml";
import { discover, type DiscoverOptions } from "../../cli/discover/discover";
import type { Rig } from "../providers/rig";
import { discoverOptions } from "../tools/discover-options";
import { configOf, type Config } from "./planned";

/** What `entra-licensing discover` writes about the tenant of a rig. */
export interface Discovered {
  readonly text: string;
  readonly config: Config;
  readonly findings: string;
  /** What stands above each group, as one line. */
  readonly comments: ReadonlyMap<string, string>;
}

export async function discovered(rig: Rig, options: Partial<DiscoverOptions> = {}): Promise<Discovered> {
  const folder = mkdtempSync(join(tmpdir(), "discovered-"));
  const silent = () => undefined;
  await discover(discoverOptions(rig, folder, options), {
    say: silent,
    progress: silent,
    ask: null,
    now: () => rig.host.now(),
    cacheFolder: join(folder, "cache"),
  });
  const text = readFileSync(join(folder, "Pulumi.contoso.yaml"), "utf8");
  const findings = readFileSync(join(folder, "contoso.findings.md"), "utf8");
  rmSync(folder, { recursive: true });
  const groups = parseDocument(text).getIn(["config", "licensing:groups"]) as YAMLMap;
  const comments = (groups.items as Pair<Scalar<string>>[]).map(
    ({ key }, at) =>
      [
        key.value,
        ((at === 0 ? groups.commentBefore : null) ?? key.commentBefore ?? "").replace(/\n\s*/g, " ").trim(),
      ] as const,
  );
  return { text, config: configOf(text), findings, comments: new Map(comments) };
}

/** The groups of a stack file with one of them changed; `null` takes it out. */
export function withGroup(config: Config, name: string, group: object | null): Config {
  const { [name]: before, ...others } = config["licensing:groups"] as Record<string, object>;
  if (before === undefined) throw new Error(`no group ${name}`);
  return { ...config, "licensing:groups": group === null ? others : { ...others, [name]: group } };
}
