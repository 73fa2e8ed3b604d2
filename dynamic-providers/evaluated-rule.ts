import type * as pulumi from "@pulumi/pulumi";
import { HostedResource } from "./hosted-resource";
import type { EvaluatedRuleInputs } from "./lifecycle/evaluated-rule";

/** Waits for the membership rule of one dynamic group; see `lifecycle/evaluated-rule.ts`. */
export class EvaluatedRule extends HostedResource {
  constructor(name: string, args: pulumi.Inputs & EvaluatedRuleInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { evaluated: undefined, evaluatedAt: undefined };
    super("EvaluatedRule", name, { ...outputs, ...args }, options);
  }
}
