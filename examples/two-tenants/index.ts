import * as pulumi from "@pulumi/pulumi";
import { GroupLicensing } from "entra-group-licensing";

const config = new pulumi.Config();
const waves = [
  { name: "canary", count: 2, soak: "24 hours" },
  { name: "everyone", percent: 100 },
];

/** Signs in with AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or any other way of docs/permissions.md. */
const contoso = new GroupLicensing("contoso", {
  tenant: "contoso.com",
  cloud: config.getObject("contosoCloud"),
  groups: {
    "all-users": { existing: "All users", licenses: ["EMS"] },
    finance: { existing: "Finance department", licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [] }] },
  },
  waves,
  applyThrough: config.get("contosoThrough"),
});

/** Signs in with FABRIKAM_AZURE_CLIENT_ID and FABRIKAM_AZURE_CLIENT_SECRET, and with nothing else. */
const fabrikam = new GroupLicensing("fabrikam", {
  tenant: config.get("fabrikam") ?? "fabrikam.com",
  cloud: config.getObject("fabrikamCloud"),
  credentialsPrefix: "FABRIKAM_",
  groups: { "all-users": { existing: "All users", licenses: ["EMS"] } },
  waves,
  applyThrough: config.get("fabrikamThrough"),
});

/** Any other resource may stand beside them, and use what they say. */
new pulumi.Stash("canaries", {
  input: {
    contoso: contoso.waves.apply(({ canary }) => canary),
    fabrikam: fabrikam.waves.apply(({ canary }) => canary),
  },
});

export const contosoWaves = contoso.waves;
export const fabrikamWaves = fabrikam.waves;
