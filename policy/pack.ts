import { PolicyPack } from "@pulumi/policy";
import { asPolicy } from "./as-policy";
import { rules } from "./rules";

// Without a configuration each rule stops the update: who only wants to be told says `advisory`.
new PolicyPack("entra-group-licensing", { policies: rules().map(asPolicy), enforcementLevel: "mandatory" });
