import { appendFileSync, chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { KeptPages } from "../../tenant/kept-pages";
import type { DiscoveredUserPage } from "../../graph/tenant-graph";

/** Kept pages that are older than this no longer match the rest of the tenant and are discarded. */
const KEPT_FOR_MS = 4 * 60 * 60_000;

/** The file's first line. A file of another version or tenant is discarded. */
interface Heading {
  readonly version: 2;
  readonly tenant: string;
  readonly startedAtMs: number;
}

/**
 * Keeps pages of users in a file, one per line, so that an interrupted run can continue. The file holds users' licences, so it
 * lies in the operator's own folder, is readable only by them and is deleted at the end.
 */
export class KeptPagesFile implements KeptPages {
  private constructor(
    private readonly file: string,
    private readonly pages: readonly DiscoveredUserPage[],
    readonly startedAtMs: number,
  ) {}

  static open(file: string, tenant: string, nowMs: number, fresh = false): KeptPagesFile {
    const kept = !fresh && isOurs(file) ? read(file, tenant, nowMs) : null;
    if (kept !== null) {
      // Rewrites the file without the last line if a killed run left it incomplete.
      write(file, kept.heading, kept.pages);
      return new KeptPagesFile(file, kept.pages, kept.heading.startedAtMs);
    }
    write(file, { version: 2, tenant, startedAtMs: nowMs }, []);
    return new KeptPagesFile(file, [], nowMs);
  }

  earlier(): Iterable<DiscoveredUserPage> {
    return this.pages;
  }

  add(page: DiscoveredUserPage): void {
    appendFileSync(this.file, `${JSON.stringify(page)}\n`);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}

/** False for a link and for another user's file, which must be neither read nor written. */
function isOurs(file: string): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && (process.getuid === undefined || found.uid === process.getuid());
}

function write(file: string, heading: Heading, pages: readonly DiscoveredUserPage[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(heading)}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(file, 0o600);
  for (const page of pages) appendFileSync(file, `${JSON.stringify(page)}\n`);
}

function read(
  file: string,
  tenant: string,
  nowMs: number,
): { readonly heading: Heading; readonly pages: readonly DiscoveredUserPage[] } | null {
  const [first, ...lines] = readFileSync(file, "utf8").split("\n");
  const heading = parsed(first ?? "") as Partial<Heading> | null;
  if (heading?.version !== 2 || heading.tenant !== tenant || heading.startedAtMs === undefined) return null;
  if (nowMs - heading.startedAtMs > KEPT_FOR_MS || heading.startedAtMs > nowMs) return null;
  const pages: DiscoveredUserPage[] = [];
  for (const line of lines) {
    const page = parsed(line);
    if (page === null) break;
    pages.push(page as DiscoveredUserPage);
  }
  return { heading: heading as Heading, pages };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
