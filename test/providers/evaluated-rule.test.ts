import assert from "node:assert/strict";
import { evaluatedRule, type EvaluatedRuleInputs } from "../../dynamic-providers/evaluated-rule";
import { rigOf } from "./rig";
import { idOf, mayMakeGroups, tenant, upn } from "./tenants";

const RULE = 'user.department -eq "Design"';
const MINUTE = 60_000;

describe("EvaluatedRule", function () {
  this.timeout(120_000);
  const rig = rigOf({ processing: { ruleMs: 10 * MINUTE } });

  beforeEach(() => {
    const designers = ["gil", "hal"].map((name) => ({ userPrincipalName: upn(name), department: "design" }));
    rig.start(tenant({ moreUsers: designers, more: mayMakeGroups }));
  });

  /** As others make and change groups: over HTTP. */
  async function ask(method: string, path: string, body: object): Promise<{ readonly id: string }> {
    const { AZURE_TENANT_ID = "", AZURE_CLIENT_ID = "", AZURE_CLIENT_SECRET = "" } = process.env;
    const form = { grant_type: "client_credentials", client_id: AZURE_CLIENT_ID, client_secret: AZURE_CLIENT_SECRET };
    const signIn = await fetch(`${rig.emulator.url}/${AZURE_TENANT_ID}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({ ...form, scope: "https://graph.microsoft.com/.default" }),
    });
    const { access_token: token } = (await signIn.json()) as { access_token: string };
    const response = await fetch(`${rig.emulator.url}/v1.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, text);
    return (text === "" ? {} : JSON.parse(text)) as { id: string };
  }

  async function inputs(rule = RULE): Promise<EvaluatedRuleInputs> {
    const { id: groupId } = await ask("POST", "/groups", {
      displayName: "LIC Design",
      mailEnabled: false,
      mailNickname: "design",
      securityEnabled: true,
      groupTypes: ["DynamicMembership"],
      membershipRule: RULE,
      membershipRuleProcessingState: "On",
    });
    const timeouts = { processingMs: 30 * MINUTE, inheritanceMs: 0, settleMs: 0, putBackMs: 900_000 };
    return {
      connection: rig.connection,
      name: "design",
      groupId,
      displayName: "LIC Design",
      rule,
      timeouts,
      __urn: "design",
    };
  }
  const members = () => [...rig.emulator.tenant.group("LIC Design").userMembers].sort();

  it("waits until Entra has evaluated the rule, and then all its users are members", async () => {
    const { outputs, unfinished } = await evaluatedRule.converge(await inputs(), null, rig.host);
    assert.deepEqual(unfinished, []);
    assert.equal(outputs.evaluated, true);
    assert.deepEqual(members(), ["gil", "hal"].map(idOf).sort());
    assert.match(rig.host.statuses.at(-1) ?? "", /^waiting for Entra to evaluate the rule \(\d+ s\): Running$/);
  });

  const silence = [{ status: 404 }, { status: 403 }, { status: 400 }] as const;
  for (const then of silence) {
    it(`does without the beta version (${then.status}): waits until no more users come`, async () => {
      rig.emulator.faults.add({ match: { path: /membershipRuleProcessingStatus/ }, then });
      const { outputs, unfinished } = await evaluatedRule.converge(await inputs(), null, rig.host);
      assert.deepEqual(unfinished, []);
      assert.equal(outputs.evaluated, true);
      assert.deepEqual(members(), ["gil", "hal"].map(idOf).sort());
    });
  }

  it("without the beta version a rule without members is not taken for evaluated", async () => {
    rig.start(tenant({ more: mayMakeGroups }));
    rig.emulator.faults.add({ match: { path: /membershipRuleProcessingStatus/ }, then: { status: 404 } });
    const { unfinished } = await evaluatedRule.converge(await inputs(), null, rig.host);
    assert.match(unfinished[0] ?? "", /was not evaluated within 30 minutes \(Graph does not say how far it is\)/);
  });

  it("gives up after licensing:timeouts.processing, and goes on in the next run", async () => {
    const patient = await inputs();
    const hasty = { ...patient, timeouts: { ...patient.timeouts, processingMs: MINUTE } };
    const first = await evaluatedRule.converge(hasty, null, rig.host);
    assert.equal(first.outputs.evaluated, false);
    assert.match(
      first.unfinished[0] ?? "",
      /LIC Design: its rule was not evaluated within 60 seconds \(Graph says NotStarted\)/,
    );
    assert.equal(evaluatedRule.hasChanges(hasty, first.outputs), true);
    const second = await evaluatedRule.converge(patient, first.outputs, rig.host);
    assert.deepEqual(second.unfinished, []);
    assert.equal(evaluatedRule.hasChanges(patient, second.outputs), false);
    assert.equal(evaluatedRule.hasChanges({ ...patient, rule: "another" }, second.outputs), true);
  });

  it("says when no waiting helps: another rule, a paused one", async () => {
    const other = await evaluatedRule.converge(await inputs('user.city -eq "Bern"'), null, rig.host);
    assert.match(
      other.unfinished[0] ?? "",
      /LIC Design: the group has another rule \(user\.department -eq "Design"\) than the stack file says/,
    );
    rig.start(tenant({ more: mayMakeGroups }));
    const paused = await inputs();
    await ask("PATCH", `/groups/${paused.groupId}`, { membershipRuleProcessingState: "Paused" });
    const found = await evaluatedRule.converge(paused, null, rig.host);
    assert.match(found.unfinished[0] ?? "", /LIC Design: the evaluation of its rule is paused/);
  });

  it("a stop ends the waiting", async () => {
    rig.host.stop = () => "the file .stop asks to stop";
    const { unfinished, outputs } = await evaluatedRule.converge(await inputs(), null, rig.host);
    assert.deepEqual(unfinished, ["Stopped while Entra evaluates the rule of LIC Design: the file .stop asks to stop"]);
    assert.equal(outputs.evaluated, false);
  });

  it("Ctrl-C ends the waiting", async () => {
    rig.host.interrupted = () => "Ctrl-C";
    const { unfinished } = await evaluatedRule.converge(await inputs(), null, rig.host);
    assert.deepEqual(unfinished, ["Stopped while Entra evaluates the rule of LIC Design: Ctrl-C"]);
  });
});
