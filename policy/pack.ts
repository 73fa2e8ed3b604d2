import { PolicyPack } from "@pulumi/policy";
import { asPolicy } from "./as-policy";
import { rules } from "./rules";

// By default each rule stops the update. Configure `advisory` to get warnings only.
new PolicyPack("entra-group-licensing", { policies: rules().map(asPolicy), enforcementLevel: "mandatory" });
