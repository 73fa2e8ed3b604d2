import { addCounts, type CountsByName } from "../../licensing/counts";
import type { Stage } from "./stage";

interface Exported {
  readonly deployment: {
    readonly resources: readonly {
      readonly type: string;
      readonly outputs?: { readonly notRestored?: CountsByName };
    }[];
  };
}

/** Number of users whose direct licence was not restored, by reason, from the state after the rollback. */
export async function whyNotRestored({ stack }: Stage): Promise<CountsByName> {
  const run = await stack.run(["stack", "export", "--stack", stack.name]);
  if (run.code !== 0) throw new Error(run.stderr);
  const { deployment } = JSON.parse(run.stdout) as Exported;
  return addCounts(
    deployment.resources
      .filter(({ type }) => type.endsWith(":DirectLicenseRemoval"))
      .map(({ outputs }) => outputs?.notRestored ?? {}),
  );
}
