import assert from "node:assert/strict";
import { signInLengthChecks } from "../../cli/doctor/tenant-checks";

const NOW = Date.UTC(2026, 10, 29, 12);

describe("how far a run comes with its sign-in", () => {
  const check = (env: NodeJS.ProcessEnv, endsInMs: number | null = 58 * 60_000) => {
    const tokenEndsAtMs = () => Promise.resolve(endsInMs === null ? null : NOW + endsInMs);
    return signInLengthChecks({ tokenEndsAtMs, writesAhead: () => ({ atOnce: 100, perSecond: 10 }) }, env, NOW);
  };
  const connection = {
    SYSTEM_ACCESSTOKEN: "t",
    SYSTEM_OIDCREQUESTURI: "u",
    AZURESUBSCRIPTION_TENANT_ID: "t",
    AZURESUBSCRIPTION_CLIENT_ID: "c",
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "s",
  };

  for (const env of [{ TF_BUILD: "True" }, { GITHUB_ACTIONS: "true" }]) {
    it(`is counted in users for the az login of a pipeline: ${JSON.stringify(env)}`, async () => {
      const [found, ...more] = await check(env);
      assert.deepEqual([found?.verdict, more], ["wait", []]);
      assert.match(found?.words ?? "", /AADSTS700024.*lasts 58 min, time for about 34,900 users/);
    });
  }

  it("is unknown where the token does not tell", async () => {
    assert.match((await check({ TF_BUILD: "True" }, null))[0]?.words ?? "", /does not say how long/);
  });

  for (const env of [
    {},
    { TF_BUILD: "True", ...connection },
    { TF_BUILD: "True", AZURE_CLIENT_SECRET: "s" },
    { GITHUB_ACTIONS: "true", AZURE_FEDERATED_TOKEN_FILE: "f" },
  ]) {
    it(`is no question where a sign-in can be renewed: ${Object.keys(env).join() || "a laptop"}`, async () => {
      assert.deepEqual(await check(env), []);
    });
  }
});
