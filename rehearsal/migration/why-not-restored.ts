import { addTallies, type Tally } from "../../licensing/tally";
import type { Stage } from "./stage";

interface Exported {
  readonly deployment: {
    readonly resources: readonly { readonly type: string; readonly outputs?: { readonly notRestored?: Tally } }[];
  };
}

/** Users who could not get a direct licence back, by why: as the state has it after a rollback. */
export async function whyNotRestored({ stack }: Stage): Promise<Tally> {
  const run = await stack.run(["stack", "export", "--stack", stack.name]);
  if (run.code !== 0) throw new Error(run.stderr);
  const { deployment } = JSON.parse(run.stdout) as Exported;
  return addTallies(
    deployment.resources
      .filter(({ type }) => type.endsWith(":DirectLicenseRemoval"))
      .map(({ outputs }) => outputs?.notRestored ?? {}),
  );
}
