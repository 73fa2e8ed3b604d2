import assert from "node:assert/strict";
import { signInEnvironment } from "../../graph/tenant-graph";

const env = {
  AZURE_CLIENT_ID: "contoso",
  AZURE_CLIENT_SECRET: "of contoso",
  FABRIKAM_AZURE_CLIENT_ID: "fabrikam",
  FABRIKAM_PATH: "/bin",
  SYSTEM_ACCESSTOKEN: "of the job",
  TF_BUILD: "True",
};

describe("the variables that sign in to a tenant", () => {
  it("are those of the environment without a prefix", () => {
    assert.equal(signInEnvironment(undefined, env), env);
  });

  it("are those with its prefix alone, and the job's token", () => {
    assert.deepEqual(signInEnvironment("FABRIKAM_", env), {
      AZURE_CLIENT_ID: "fabrikam",
      SYSTEM_ACCESSTOKEN: "of the job",
      SYSTEM_OIDCREQUESTURI: undefined,
    });
  });

  it("are none where no name begins with the prefix", () => {
    assert.equal(signInEnvironment("TAILSPIN_", env)["AZURE_CLIENT_ID"], undefined);
  });
});
