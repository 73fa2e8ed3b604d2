import { join } from "node:path";
import { TenantGraph, type ConnectExtra } from "../../graph/tenant-graph";
import { Refusal } from "../../licensing/refusal";
import { readCopy } from "./read-copy";
import { STACK_NAME, type RehearsalCopy } from "./schema";
import { stackConfigIn, stackFileOf } from "./stack-config";

export interface WhichTenant {
  readonly stack: string;
  /** The folder of the stack files. */
  readonly folder: string;
  readonly names: boolean;
}

/** The one phase that reaches a real tenant. What it knows of it afterwards is the copy; the connection ends here. */
export async function copyTenant(
  { stack, folder, names }: WhichTenant,
  say: (progress: string) => void,
  extra: ConnectExtra = {},
): Promise<RehearsalCopy> {
  if (!STACK_NAME.test(stack)) throw new Refusal(`"${stack}" is no name of a stack, such as contoso.`);
  const config = stackConfigIn(join(folder, `Pulumi.${stack}.yaml`));
  const { cloud, tenant } = stackFileOf(config);
  const graph = TenantGraph.connect({ cloud, tenant }, extra);
  return readCopy(graph, { stack, config, names, now: new Date(), say });
}
