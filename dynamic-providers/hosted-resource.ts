import * as pulumi from "@pulumi/pulumi";

/**
 * A resource whose provider is a module of the checkout. Pulumi keeps the provider of a dynamic resource in the state, as the text of a
 * module, and runs the stored copy to delete; ours only loads the real one, so what runs is always the checkout's. The path is a
 * contract: a module that moves breaks `destroy` until it is back.
 *
 * The text is written here and not serialised from a function, as `pulumi.dynamic.Resource` would do: every row of every wave keeps it twice,
 * and to serialise takes the TypeScript compiler, which is half a second of each start.
 */
export abstract class HostedResource extends pulumi.CustomResource {
  /**
   * @param host file in `dynamic-providers/engine/`
   * @param props inputs, and `undefined` for each output
   */
  constructor(type: string, host: string, name: string, props: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    const all = { ...props, __provider: loaderOf(`./dynamic-providers/engine/${host}`) };
    // Pulumi takes a stack trace for each property and keeps one in the state. All rows are made in the same places: at the size
    // of a tenant that is seconds of each run, and a kilobyte a row, that tell nobody anything.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(`pulumi-nodejs:dynamic/licensing:${type}`, name, all, options);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/**
 * A module that loads another, in the form in which Pulumi's dynamic providers are kept. TypeScript is not registered in the process that runs it.
 *
 * @param modulePath from the project's folder, which is where that process runs
 */
export function loaderOf(modulePath: string): string {
  return `exports.handler = () => (require("./loader/typescript.cjs"), require(${JSON.stringify(modulePath)}).provider);`;
}
