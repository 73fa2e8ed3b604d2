import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type TenantReads, connectForReading, type ConnectExtra } from "../../graph/tenant-graph";
import { coveredToday } from "../../licensing/discovery/covered-today";
import { findingsOf } from "../../licensing/discovery/findings";
import { nearPatterns } from "../../licensing/discovery/near-patterns";
import { patternsOf } from "../../licensing/discovery/patterns";
import { resolvePrices, type Prices } from "../../licensing/discovery/prices";
import { withoutGroup } from "../../licensing/discovery/outcome";
import { membersOf } from "../../licensing/discovery/present-members";
import { propose, type Proposed } from "../../licensing/discovery/propose";
import type { Proposal } from "../../licensing/discovery/proposal";
import { createNeeds } from "./create-needs";
import { stackFileText } from "../../licensing/discovery/stack-file-text";
import type { Catalog } from "../../licensing/catalog/catalog";
import { BY_ID, byName } from "../../licensing/people";
import { Refusal } from "../../licensing/refusal";
import { counted } from "../../licensing/counts";
import { findingsPage } from "../render/findings-page";
import { confirmTenant } from "../../tenant/confirm-tenant";
import { readTenantToday } from "../../tenant/read-tenant-today";
import { typed } from "../render/command-line";
import { typedToEngine } from "../engine/typed-to-engine";
import { connectionFrom } from "../connection-words";
import { KeptPagesFile } from "./kept-pages-file";
import { schemaLine } from "./schema-line";

export interface DiscoverOptions {
  readonly stack: string;
  readonly tenant?: string;
  readonly cloud?: string;
  /** The folder of the stack files. */
  readonly folder: string;
  readonly owner: readonly string[];
  /** A YAML file of prices by SKU. */
  readonly prices?: string;
  readonly selfService: boolean;
  readonly everyVariant: boolean;
  readonly names: boolean;
  readonly overwrite: boolean;
  readonly fresh: boolean;
}

/** The command's outputs, prompts and clock, so that tests can replace them. */
export interface Surroundings {
  readonly say: (line: string) => void;
  readonly progress: (text: string) => void;
  /** `null` if there is no terminal for questions. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  readonly now: () => number;
  readonly cacheFolder: string;
  readonly connect?: ConnectExtra;
}

/** Pulumi's rule for stack names. The name becomes part of a file name. */
const STACK_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The files that were written, and how much was found; `null`: not written. */
export interface Discovered {
  readonly stackFile: string | null;
  readonly findings: string | null;
  readonly groups: number;
}

/** Reads a tenant and writes a first stack file and a page of findings. Nothing in the tenant is changed. */
export async function discover(options: DiscoverOptions, around: Surroundings): Promise<Discovered> {
  if (!STACK_NAME.test(options.stack)) {
    throw new Refusal(
      `"${options.stack}" is no name of a stack: use letters, digits, "-", "_" and ".", such as contoso.`,
    );
  }
  const stackFile = join(options.folder, `Pulumi.${options.stack}.yaml`);
  const pageFile = join(options.folder, `${options.stack}.findings.md`);
  const connection = connectionFrom(options, stackFile);
  if (!(await mayWrite([stackFile, pageFile], options, around))) {
    around.say("Nothing was read or written.");
    return { stackFile: null, findings: null, groups: 0 };
  }

  const graph = connectForReading(connection, around.connect);
  const tenant = await confirmTenant(graph);
  const { id } = tenant;
  const keptFile = join(around.cacheFolder, "discover", `${id}.jsonl`);
  const kept = KeptPagesFile.open(keptFile, id, around.now(), options.fresh);
  const { today, wanted, unreadable } = await readTenantToday(graph, kept, around.progress, {
    selfService: options.selfService,
    everyVariant: options.everyVariant,
  });
  const { catalog, users } = today;
  const prices = pricesIn(options.prices, catalog);

  const { proposals, few } = await withFreeNames(graph, (taken) => propose(today, wanted, taken));
  const common = {
    leftAlone: wanted.leftAlone,
    few,
    covered: coveredToday(today),
    tenant: { id, displayName: tenant.displayName },
    near: nearPatterns(patternsOf(users.values(), catalog)),
    proposals,
    catalog,
    nowMs: around.now(),
  };
  const findings = findingsOf(users, catalog);
  const people = options.names ? byName(users) : BY_ID;
  mkdirSync(options.folder, { recursive: true });
  // Readable only by its owner, because it holds personal data.
  const page = findingsPage({ ...common, findings, groups: today.groups, prices, people, unreadable });
  writeWhole(pageFile, page, 0o600);
  around.say(`${counted(findings.users, "user")} with a licence, ${counted(findings.direct, "direct assignment")}.`);
  if (unreadable.size > 0) {
    around.say(`${counted(unreadable.size, "user")} could not be read, and left out: ${pageFile} names them.`);
  }
  if (proposals.length === 0) {
    around.say(
      `No user holds a direct licence that a group could give, so there is nothing to migrate and no stack file.`,
    );
  } else {
    const members = membersOf(today);
    const without = (proposal: Proposal) => withoutGroup(proposal, proposals, today, members);
    const parts = {
      ...common,
      without,
      cloud: connection.cloud,
      owners: options.owner,
      users: users.size,
      people,
      schemaLine: schemaLine(options.folder),
    };
    writeWhole(stackFile, stackFileText(parts), 0o644);
    around.say(`${stackFile}: ${counted(proposals.length, "licensing group")}.`);
  }
  around.say(`${pageFile}: what was found.`);
  kept.remove();
  if (proposals.length > 0) {
    for (const line of createNeeds(proposals, options.owner)) around.say(line);
    around.say("Read both, change what you like, then:");
    around.say(`  ${typedToEngine(`stack init ${options.stack}`)}`);
    around.say(`  ${typed(`preview --stack ${options.stack}`)}`);
  }
  return {
    stackFile: proposals.length === 0 ? null : stackFile,
    findings: pageFile,
    groups: proposals.length,
  };
}

/** Proposes groups with unused names: the first preview refuses a name that a group of the tenant already has. */
async function withFreeNames(graph: TenantReads, propose: (taken: ReadonlySet<string>) => Proposed): Promise<Proposed> {
  const taken = new Set<string>();
  for (;;) {
    const proposed = propose(taken);
    const made = proposed.proposals.filter(({ from }) => !("group" in from));
    const found = await graph.findGroups(made.map(({ displayName }) => displayName));
    const clashes = [...found].filter(([, groups]) => groups.length > 0);
    if (clashes.length === 0) return proposed;
    for (const [name] of clashes) taken.add(name);
  }
}

/** Asks whether to overwrite files. Called before the tenant is read, because reading takes minutes. */
async function mayWrite(files: readonly string[], options: DiscoverOptions, around: Surroundings): Promise<boolean> {
  const there = files.filter((file) => existsSync(file));
  if (there.length === 0 || options.overwrite) return true;
  if (around.ask !== null) return around.ask(`Overwrite ${there.join(" and ")}?`);
  throw new Refusal(
    `${there.join(" and ")} ${there.length === 1 ? "is" : "are"} there already, and this is no terminal to ask in. Nothing was read or written: ` +
      "add --overwrite, or choose another name with --stack.",
  );
}

function pricesIn(file: string | undefined, catalog: Catalog): Prices {
  if (file === undefined) return new Map();
  const written: unknown = parse(readFileSync(file, "utf8"));
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    throw new Refusal(`${file} must be a map of SKUs to prices a month, such as ENTERPRISEPACK: 23.10`);
  }
  const { prices, problems } = resolvePrices(written as Record<string, unknown>, catalog);
  if (problems.length === 0) return prices;
  throw new Refusal(
    [`${file} cannot be used; nothing was written. Mend this:`, ...problems.map((p) => `  ${p}`)].join("\n"),
  );
}

/** Writes atomically: after an interruption the file is either the old or the new one. */
function writeWhole(file: string, text: string, mode: number): void {
  const part = `${file}.part`;
  writeFileSync(part, text, { mode });
  renameSync(part, file);
}
