import * as pulumi from "@pulumi/pulumi";
import type { BaselineOutputs } from "../dynamic-providers/lifecycle/direct-license-baseline";
import type { RemovalOutputs } from "../dynamic-providers/lifecycle/direct-license-removal";
import type { GroupLicenseOutputs } from "../dynamic-providers/lifecycle/group-license";
import { recordOf, type StackRecord } from "../licensing/record";

/**
 * Reads what this stack's state holds from earlier runs, so that the plan knows who was taken by which wave and when a
 * wave was done. The engine answers from the last checkpoint; a new stack has nothing.
 * See docs/decisions/0003-the-plan-reads-the-stacks-own-state.md.
 */
export async function readOwnRecord(): Promise<StackRecord> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
    readonly outputs?: Readonly<Record<string, { readonly type: string; readonly outputs: unknown }>>;
  };
  const resources = Object.values(answer.outputs ?? {});
  const ofType = <T>(type: string): T[] =>
    resources
      .filter((each) => each.type === `pulumi-nodejs:dynamic/licensing:${type}`)
      .map(({ outputs }) => outputs as T);
  return recordOf({
    baselines: ofType<BaselineOutputs>("DirectLicenseBaseline"),
    slices: ofType<RemovalOutputs>("DirectLicenseRemoval"),
    groupLicenses: ofType<GroupLicenseOutputs>("GroupLicense"),
  });
}
