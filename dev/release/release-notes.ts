/**
 * The section of a version in the changelog.
 *
 * @throws {Error} if there is none: a version is not published without words
 */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const own = sections.find((section) => section.split("\n")[0]?.trim() === version);
  if (own === undefined) throw new Error(`CHANGELOG.md has no section "## ${version}": npm run dev:version writes it.`);
  return own.slice(own.indexOf("\n")).trim();
}
