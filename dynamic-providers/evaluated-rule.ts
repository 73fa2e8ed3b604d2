import * as pulumi from "@pulumi/pulumi";
import type { EvaluatedRuleInputs } from "./lifecycle/evaluated-rule";
import { stub } from "./stub";

/** The rule of one dynamic group, waited for; see `lifecycle/evaluated-rule.ts`. */
export class EvaluatedRule extends pulumi.dynamic.Resource {
  constructor(name: string, args: pulumi.Inputs & EvaluatedRuleInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { evaluated: undefined, evaluatedAt: undefined };
    super(
      stub("./dynamic-providers/host/evaluated-rule"),
      name,
      { ...outputs, ...args },
      options,
      "licensing",
      "EvaluatedRule",
    );
  }
}
