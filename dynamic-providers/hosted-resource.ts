import * as pulumi from "@pulumi/pulumi";

/**
 * Pulumi keeps a provider as module text in the state. Ours only loads the checkout's module, so its path is a
 * contract. Written here, not serialised as in `pulumi.dynamic.Resource`, which loads the TypeScript compiler: half a
 * second of each start.
 */
export abstract class HostedResource extends pulumi.CustomResource {
  /**
   * @param host file in `dynamic-providers/engine/`
   * @param props inputs, and `undefined` for each output
   */
  constructor(type: string, host: string, name: string, props: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    const all = {
      ...props,
      __provider: loaderOf(`./dynamic-providers/engine/${host}`),
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
 * A provider's module text, which loads another module. TypeScript is not registered in the process that runs it.
 *
 * @param modulePath relative to the project's folder, the working directory of that process
 */
export function loaderOf(modulePath: string): string {
  return `exports.handler = () => (require("./loader/typescript.cjs"), require(${JSON.stringify(modulePath)}).provider);`;
}
