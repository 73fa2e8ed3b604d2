import { join } from "node:path";
import { connectForReading, type ConnectExtra } from "../../graph/tenant-graph";
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

/** Copies the tenant. This is the only phase of a rehearsal that connects to a real tenant; later phases see only the copy. */
export async function copyTenant(
  { stack, folder, names }: WhichTenant,
  say: (progress: string) => void,
  extra: ConnectExtra = {},
): Promise<RehearsalCopy> {
  if (!STACK_NAME.test(stack)) throw new Refusal(`"${stack}" is no name of a stack, such as contoso.`);
  const config = stackConfigIn(join(folder, `Pulumi.${stack}.yaml`));
  const { cloud, tenant } = stackFileOf(config);
  const graph = connectForReading({ cloud, tenant }, extra);
  return readCopy(graph, { stack, config, names, now: new Date(), say });
}
