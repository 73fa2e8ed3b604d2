import * as pulumi from "@pulumi/pulumi";

/** The types as the state names them: `pulumi-nodejs:dynamic/licensing:GroupLicense`. They never change. */
export type ResourceType =
  | "DirectLicenseBaseline"
  | "DirectLicenseDebts"
  | "DirectLicenseRemoval"
  | "EvaluatedRule"
  | "GroupLicense"
  | "GroupLicenseTakeOff"
  | "GroupMembers"
  | "GroupMembershipMove"
  | "ReleaseCheck"
  | "VerifiedInheritance";

/**
 * Pulumi keeps a provider as module text in the state (`providerText`). Written here, not serialised as in
 * `pulumi.dynamic.Resource`, which loads the TypeScript compiler: half a second of each start.
 */
export abstract class HostedResource extends pulumi.CustomResource {
  /** @param props inputs, and `undefined` for each output */
  constructor(type: ResourceType, name: string, props: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    const all = {
      ...props,
      __provider: providerText(type),
      __preview: pulumi.runtime.isDryRun(),
      __behind: rowsBefore(options),
    };
    // Pulumi keeps a stack trace for each property. Rows are all created in the same places, so traces help no reader,
    // and for a whole tenant they cost seconds of each run and a kilobyte a row.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(`pulumi-nodejs:dynamic/licensing:${type}`, name, all, options);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/** The rows that must be in the state before this one. A row that a flag leaves out of a new stack has no id. */
function rowsBefore({ dependsOn }: pulumi.CustomResourceOptions): pulumi.Inputs[] {
  const rows = Array.isArray(dependsOn) ? dependsOn : [];
  return rows.filter((row) => pulumi.CustomResource.isInstance(row)).map(({ urn, id }) => ({ urn, id }));
}

/**
 * A provider's module text, which finds the real provider by this package's name: in the program's folder, where the
 * process works, or installed there. Text in a state belongs to no package, so it borrows the folder's `require`.
 */
export function providerText(type: ResourceType): string {
  return `exports.handler = () => require("node:module").createRequire(process.cwd() + "/")("entra-group-licensing/providers").${type};`;
}
