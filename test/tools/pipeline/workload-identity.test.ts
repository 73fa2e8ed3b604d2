import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import type { Emulator } from "../../../emulator";
import { GraphError } from "../../../graph/client/failure";
import { connectForReading } from "../../../graph/tenant-graph";
import { withWorkloadIdentity } from "../../../cli/pipeline/workload-identity";
import { withAzureEnvironment } from "../../graph/environment";
import { trustCertificate } from "../../graph/trust";
import { GitHubStandIn } from "./github-stand-in";
import { watchedEmulator } from "../../contract/watched-emulator";

const PULL_REQUEST = "repo:contoso/licences:pull_request";

describe("pipeline: the identity of a workflow", () => {
  let github: GitHubStandIn;
  let emulator: Emulator;
  let distrust: () => void;

  before(async () => {
    github = await GitHubStandIn.start();
    const reader = {
      name: "reader",
      permissions: ["LicenseAssignment.Read.All"],
      federated: [github.federatedFor(PULL_REQUEST)],
    };
    emulator = await watchedEmulator({ tenant: { apps: [reader] } });
    distrust = trustCertificate(readFileSync(emulator.caFile, "utf8"));
  });
  after(async () => {
    distrust();
    await emulator.close();
    await github.close();
  });

  function signIn(subject: string): Promise<number> {
    return withWorkloadIdentity(github.environment(subject), (environment) => {
      const { AZURE_TENANT_ID, AZURE_CLIENT_ID } = emulator.credentials();
      const { AZURE_FEDERATED_TOKEN_FILE = "", AZURE_TOKEN_CREDENTIALS = "" } = environment;
      const found = { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE, AZURE_TOKEN_CREDENTIALS };
      return withAzureEnvironment(found, async () => {
        const cloud = { graph: emulator.url, authority: emulator.url };
        const graph = connectForReading({ cloud, tenant: AZURE_TENANT_ID });
        return (await graph.subscribedSkus()).length;
      });
    });
  }

  it("signs @azure/identity in without any secret", async () => {
    assert.equal(await signIn(PULL_REQUEST), 0);
    assert.equal(github.identities.at(-1)?.aud, "api://AzureADTokenExchange");
  });

  it("is refused for another subject, such as a branch that may not", async () => {
    await assert.rejects(signIn("repo:contoso/licences:ref:refs/heads/main"), (error) => {
      assert(error instanceof GraphError);
      assert.equal(error.failure.kind, "signIn");
      return true;
    });
  });

  it("lies in a file that only its owner may read, and is gone afterwards, also after a failure", async () => {
    let file = "";
    const failing = withWorkloadIdentity(github.environment(PULL_REQUEST), (environment) => {
      file = environment["AZURE_FEDERATED_TOKEN_FILE"] ?? "";
      // The plugin that makes groups has variables of its own.
      assert.deepEqual([environment["ARM_USE_OIDC"], environment["ARM_OIDC_TOKEN_FILE_PATH"]], ["true", file]);
      assert.equal(statSync(file).mode & 0o077, 0);
      return Promise.reject(new Error("the work failed"));
    });
    await assert.rejects(failing, /the work failed/);
    assert(file !== "" && !existsSync(file));
  });

  it("leaves existing ones: a laptop's own credentials, or a token that another program keeps", async () => {
    assert.deepEqual(await withWorkloadIdentity({ A: "1" }, (environment) => Promise.resolve(environment)), { A: "1" });
    const kept = { ...github.environment(PULL_REQUEST), AZURE_FEDERATED_TOKEN_FILE: "kept" };
    assert.deepEqual(await withWorkloadIdentity(kept, (environment) => Promise.resolve(environment)), kept);
  });

  it("says which permission the job lacks when GitHub gives none", async () => {
    const environment = { ...github.environment(PULL_REQUEST), ACTIONS_ID_TOKEN_REQUEST_TOKEN: "wrong" };
    await assert.rejects(
      withWorkloadIdentity(environment, () => Promise.resolve()),
      /GitHub gave no identity for this workflow \(401\)\. The job needs "permissions: id-token: write"\./,
    );
  });
});
