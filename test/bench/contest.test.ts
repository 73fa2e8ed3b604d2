import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { hold, ours, sampleScript, type Contestant } from "../../dev/bench/contest";
import { requestsPerAssignment } from "../../dev/bench/results";

describe("The benchmark's contestants", function () {
  this.timeout(120_000);

  const users = 40;
  const assignments = 48;

  const contest = (contestant: Contestant, trouble: { quotaSpeedUp?: number } = {}) =>
    hold(contestant, { users, isLicensed: true, latencyMs: 0, ...trouble });

  it("the script in the way of Microsoft's samples asks twice for each assignment, and removes them all", async () => {
    const { failed, graph } = await contest(sampleScript(users));
    assert.deepEqual(
      { failed, removed: graph.removed, lost: graph.servicesLost },
      { failed: 0, removed: assignments, lost: 0 },
    );
    assert.equal(graph.writes, assignments);
    const lists = 3;
    assert.equal(graph.http, 2 * assignments + lists);
  });

  it("ours removes them all in fewer requests, and no figure is missing", async () => {
    const { failed, graph, ...own } = await contest(ours, { quotaSpeedUp: 100 });
    assert.deepEqual(
      { failed, removed: graph.removed, lost: graph.servicesLost },
      { failed: 0, removed: assignments, lost: 0 },
    );
    assert.equal(graph.writes, users, "all SKUs of a user go in one write");
    assert.ok(requestsPerAssignment({ graph }) < 1, `${graph.http} requests`);
    for (const figure of [own.elapsedMs, own.cpuMs, own.peakMegabytes, graph.cpuMs, graph.peakMegabytes]) {
      assert.ok(figure > 0, JSON.stringify({ own, graph }));
    }
  });
});
