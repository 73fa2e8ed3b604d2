import { addTallies, type Tally } from "../../licensing/tally";
import type { Stage } from "./stage";

interface Exported {
  readonly deployment: {
    readonly resources: readonly { readonly type: string; readonly outputs?: { readonly notRestored?: Tally } }[];
  };
}

/** Number of users whose direct licence was not restored, by reason, from the state after the rollback. */
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
