import * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../licensing/finding";
import type { People } from "../licensing/people";
import { findingLine } from "../licensing/preflight/finding-words";

/**
 * Logs a text about a resource: a permanent line in a preview; in an `up` only the row's status, because there the work
 * done matters, not the plan.
 */
export async function log(resource: pulumi.Resource, text: string): Promise<void> {
  await pulumi.log.info(text, resource, undefined, !pulumi.runtime.isDryRun());
}

/**
 * Logs findings about a resource, in order. Errors are left to the refusal, and notes to previews: in an `up` they
 * would hide the work done.
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

/** A resource's URN as a plain promise. */
export function urnOf(resource: pulumi.Resource): Promise<string> {
  return new Promise((resolve) => {
    resource.urn.apply((urn) => {
      resolve(urn);
    });
  });
}

/**
 * The options that make a resource a child of `parent`. The alias is its URN without a parent, as `pulumi state repair`
 * leaves it where a flag left the component out of a new stack: else its record would be taken for another row's.
 */
export function within(parent: pulumi.Resource): Pick<pulumi.CustomResourceOptions, "parent" | "aliases"> {
  return { parent, aliases: [{ parent: pulumi.rootStackResource }] };
}

/**
 * The URN of a resource to be created under `parent`, as a plain promise. `pulumi.createUrn` adds the parent as a
 * dependency, and a child that depends on its parent's children never starts.
 */
export function plainUrn(name: string, type: string, parent: pulumi.Resource): Promise<string> {
  return new Promise((resolve) => {
    pulumi.createUrn(name, `pulumi-nodejs:dynamic/licensing:${type}`, parent).apply((urn) => {
      resolve(urn);
    });
  });
}
