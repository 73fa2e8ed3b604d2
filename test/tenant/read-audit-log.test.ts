import assert from "node:assert/strict";
import { NOT_ASKED, type ReturnedLicense } from "../../licensing/drift/drift";
import { readAuditLog } from "../../tenant/read-audit-log";
import { OddGraph } from "../graph/odd-graph";
import { rigOf } from "../providers/rig";
import { ems, idOf, tenant, upn } from "../providers/tenants";

describe("the audit log, asked for the actor behind returned direct licences", function () {
  this.timeout(120_000);
  const rig = rigOf();

  beforeEach(() => rig.start(tenant()));

  const asked = () => rig.emulator.requests.count({ path: /directoryAudits/ });
  const returned = (name: string, removedAtMs: number): ReturnedLicense => ({
    userId: idOf(name),
    skuId: ems,
    removedAtMs,
    changedAtMs: null,
  });

  it("is left alone when nothing came back", async () => {
    assert.equal(await readAuditLog(rig.graph(), [], rig.host.now()), NOT_ASKED);
    assert.equal(asked(), 0);
  });

  it("is asked once for all users, from the first removal on", async () => {
    const { clock, tenant: people } = rig.emulator;
    people.as("too early").assignDirect(upn("ada"), "EMS", ["INTUNE_A"]);
    clock.advance(60_000);
    const removedAtMs = rig.host.now();
    clock.advance(60_000);
    for (const name of ["ada", "ben"]) people.asApp("svc-licensing").assignDirect(upn(name), "EMS");
    const reading = await readAuditLog(
      rig.graph(),
      [returned("ada", removedAtMs), returned("ben", removedAtMs + 1)],
      rig.host.now(),
    );
    assert.deepEqual(
      new Set(reading.changes.map(({ userId, actor }) => `${userId} ${actor}`)),
      new Set([`${idOf("ada")} svc-licensing`, `${idOf("ben")} svc-licensing`]),
    );
    assert.equal(reading.gap, null);
    assert.equal(asked(), 1);
  });

  for (const [status, says] of [
    [
      403,
      /^The audit log was not read\. The credentials may not read the audit log \(403\)\. Grant .*AuditLog\.Read\.All/,
    ],
    [400, /^The audit log was not read\. Microsoft Graph gave an answer that this program does not understand \(400/],
    [503, /^The audit log was not read\. Microsoft Graph is unavailable \(503\)/],
  ] as const) {
    it(`stops nothing when it answers ${status}, and says so`, async () => {
      rig.emulator.faults.add({ match: { path: /directoryAudits/ }, then: { status } });
      const reading = await readAuditLog(rig.graph(), [returned("ada", rig.host.now())], rig.host.now());
      assert.deepEqual(reading.changes, []);
      assert.match(reading.gap ?? "", says);
    });
  }

  it("is not waited for when it asks for half a minute", async () => {
    rig.emulator.faults.add({ match: { path: /directoryAudits/ }, then: { status: 429, retryAfter: 30 } });
    const atMs = rig.emulator.clock.now().getTime();
    const reading = await readAuditLog(rig.graph(), [returned("ada", rig.host.now())], rig.host.now());
    assert.match(reading.gap ?? "", /^The audit log was not read\. .*longer than the 25 s/);
    assert.ok(rig.emulator.clock.now().getTime() - atMs < 1_000);
    assert.equal(asked(), 1);
  });
});

describe("an audit log that is longer than is read", () => {
  it("is read as far as the bound goes, and says from where on it may lack some", async () => {
    const odd = await OddGraph.start();
    const distrust = odd.trust();
    try {
      const targetResources = [{ id: idOf("ada") }];
      const value = [{ activityDateTime: "2026-11-20T12:00:00Z", initiatedBy: {}, targetResources }];
      odd.answers((_, count) => ({ body: { value, "@odata.nextLink": `${odd.url}/v1.0/${count}` } }));
      const removedAtMs = Date.parse("2026-11-10T08:00:00Z");
      const back = { userId: idOf("ada"), skuId: ems, removedAtMs, changedAtMs: null };
      const reading = await readAuditLog(odd.connect(), [back], Date.parse("2026-11-29T00:00:00Z"));
      assert.equal(reading.changes.length, 10);
      assert.equal(reading.fromMs, Date.parse("2026-11-20T12:00:00Z"));
      assert.equal(
        reading.gap,
        "The audit log has more changes of licences since 2026-11-10T08:00:00.000Z than are read: " +
          "only the newest 10 changes were looked at.",
      );
    } finally {
      distrust();
      await odd.close();
    }
  });
});
