import type * as pulumi from "@pulumi/pulumi";
import type { HostedProvider } from "./host/hosted";

/**
 * A dynamic provider that holds no code of its own: it loads the real one from the checkout when the engine calls it.
 * Pulumi keeps this stub in the state, by value, and runs the stored copy to read and delete; what it loads is always
 * the checkout's. So the path is a contract: a module that moves breaks `destroy` until it is back.
 *
 * @param modulePath from the project's folder, which is where the provider process runs
 */
export function stub(modulePath: string): pulumi.dynamic.ResourceProvider {
  const load = (): HostedProvider => {
    // TypeScript is not registered in the provider process.
    require("tsx/cjs");
    return (require(modulePath) as { provider: HostedProvider }).provider;
  };
  return {
    check: (olds: unknown, news: unknown) => load().check(olds as never, news as never) as never,
    diff: (id: string, olds: unknown, news: unknown) => load().diff(id, olds as never, news as never),
    create: (inputs: unknown) => load().create(inputs as never),
    update: (id: string, olds: unknown, news: unknown) => load().update(id, olds as never, news as never),
    delete: (id: string, outs: unknown) => load().delete(id, outs as never),
  };
}
