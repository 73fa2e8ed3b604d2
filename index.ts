import * as pulumi from "@pulumi/pulumi";
import { GroupLicensing } from "./components/group-licensing";
import { declarationIn } from "./licensing/stack-file/reading";

/** The stack file becomes one component, and what it has done the outputs of the stack. */
export = () => new GroupLicensing("licensing", declarationIn(pulumi.runtime.allConfig())).byName;
