import * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../licensing/finding";
import type { People } from "../licensing/people";
import { findingLine } from "../licensing/preflight/finding-words";

/**
 * Says something about a resource: in a preview as a line that stays, which the row shows too; in an `up` in the row
 * alone, where what is done counts and not what was planned.
 */
export async function log(resource: pulumi.Resource, text: string): Promise<void> {
  await pulumi.log.info(text, resource, undefined, !pulumi.runtime.isDryRun());
}

/**
 * Says findings about a resource, in their order. An error is said by the refusal that it is, a note in a preview alone: it would
 * hide in an `up` what is done.
 */
export async function tellFindings(
  resource: pulumi.Resource,
  findings: readonly Finding[],
  people: People,
): Promise<void> {
  for (const finding of findings) {
    const line = findingLine(finding, people);
    if (finding.severity === "warning") await pulumi.log.warn(line, resource);
    if (finding.severity === "note" && pulumi.runtime.isDryRun()) await pulumi.log.info(`note: ${line}`, resource);
  }
}

/**
 * The URN of a resource that is about to be made under `parent`, as a plain promise. `pulumi.createUrn` would bring the
 * parent along as a dependency, and a child that waits for its own parent's children never starts.
 */
export function plainUrn(name: string, type: string, parent: pulumi.Resource): Promise<string> {
  return new Promise((resolve) => {
    pulumi.createUrn(name, `pulumi-nodejs:dynamic/licensing:${type}`, parent).apply((urn) => {
      resolve(urn);
    });
  });
}
