import assert from "node:assert/strict";
import { Catalog, type LicenseSpec } from "../../licensing/catalog/catalog";
import type { GroupSpec } from "../../licensing/stack-file/stack-file";
import { Refusal } from "../../licensing/refusal";
import { resolveDeclaration } from "../../tenant/resolve-declaration";
import { openRig, type Rig } from "../providers/rig";
import { e3, ems, tenant } from "../providers/tenants";

const sku = (name: string, ...disabledPlans: string[]): LicenseSpec => ({ sku: name, disabledPlans });
const group = (name: string, existing: string, ...licenses: LicenseSpec[]): GroupSpec => ({ name, existing, licenses });

describe("the groups and licences of a stack file, found in the tenant", function () {
  this.timeout(120_000);
  let rig: Rig;

  before(async () => {
    rig = await openRig();
    rig.start(
      tenant({
        moreGroups: [
          { displayName: "Twice", description: "one" },
          { displayName: "twice", description: "two" },
          { displayName: "Newsletter", securityEnabled: false, mailEnabled: true, groupTypes: ["Unified"] },
          { displayName: "O'Brien's team" },
        ],
      }),
    );
  });

  after(() => rig.close());

  const idOfGroup = (name: string) => rig.emulator.tenant.group(name).id;

  async function resolve(...groups: readonly GroupSpec[]) {
    const graph = rig.graph();
    return resolveDeclaration(graph, groups, new Catalog(await graph.subscribedSkus()));
  }

  async function refusal(...groups: readonly GroupSpec[]): Promise<readonly string[]> {
    const error: unknown = await resolve(...groups).then(
      () => assert.fail("it was resolved"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Refusal, String(error));
    const [headline, ...lines] = error.message.split("\n");
    assert.match(headline ?? "", /^The stack file cannot be used; nothing was changed\. Mend th(is|ese):$/);
    return lines.map((line) => line.trim());
  }

  it("by a name that has a blank at its end in Microsoft's list, and is written without it", async () => {
    const named = rig.emulator.tenant.sku("MCOEV");
    const blankAtEnd = (plans: unknown) =>
      (plans as { servicePlanName: string }[]).map((plan) => ({
        ...plan,
        servicePlanName: `${plan.servicePlanName} `,
      }));
    const rewrite = (body: Record<string, unknown>) => ({
      ...body,
      value: (body["value"] as Record<string, unknown>[]).map((each) =>
        each["skuId"] === named.skuId
          ? { ...each, skuPartNumber: "MCOEV_FACULTY ", servicePlans: blankAtEnd(each["servicePlans"]) }
          : each,
      ),
    });
    const fault = rig.emulator.faults.add({ match: { path: /^\/subscribedSkus/ }, then: { rewrite } });
    const [found] = await resolve(group("all-users", "All users", sku("MCOEV_FACULTY", "MCOEV")));
    fault.remove();
    assert.deepEqual(found?.licenses, [{ skuId: named.skuId, disabledPlans: [rig.emulator.tenant.plan("MCOEV")] }]);
  });

  it("by name and by id, with the licences in ids", async () => {
    const found = await resolve(
      group("all-users", "All users", sku("Enterprise Mobility + Security E3", "INTUNE_A")),
      group("finance", idOfGroup("Finance department").toUpperCase(), sku("enterprisepack")),
      group("team", "O'Brien's team", sku("EMS")),
    );
    assert.deepEqual(found, [
      {
        name: "all-users",
        groupId: idOfGroup("All users"),
        displayName: "All users",
        licenses: [{ skuId: ems, disabledPlans: [rig.emulator.tenant.plan("INTUNE_A")] }],
      },
      {
        name: "finance",
        groupId: idOfGroup("Finance department"),
        displayName: "Finance department",
        licenses: [{ skuId: e3, disabledPlans: [] }],
      },
      {
        name: "team",
        groupId: idOfGroup("O'Brien's team"),
        displayName: "O'Brien's team",
        licenses: [{ skuId: ems, disabledPlans: [] }],
      },
    ]);
  });

  it("a group that is not there, by name and by id", async () => {
    const words = "Write its display name exactly as the portal shows it, or its object id";
    const unknown = "00000000-0000-4000-8000-000000000000";
    assert.deepEqual(await refusal(group("a", "All people", sku("EMS")), group("b", unknown, sku("EMS"))), [
      `licensing:groups.a.existing the tenant has no group "All people". ${words}`,
      `licensing:groups.b.existing the tenant has no group "${unknown}". ${words}`,
    ]);
  });

  it("a name that two groups have: both ids", async () => {
    const [line = ""] = await refusal(group("twice", "Twice", sku("EMS")));
    assert.match(
      line,
      /^licensing:groups\.twice\.existing 2 groups are called "Twice": write the object id of one of them: /,
    );
    const ids = rig.emulator.tenant
      .groups()
      .flatMap(({ id, displayName }) => (/^twice$/i.test(displayName) ? [id] : []));
    assert.equal(ids.length, 2);
    for (const id of ids) assert.ok(line.includes(id), id);
  });

  it("a group that Entra gives no licences to", async () => {
    const [line = ""] = await refusal(group("news", "Newsletter", sku("EMS")));
    assert.match(line, /^licensing:groups\.news\.existing "Newsletter" is not security-enabled, /);
  });

  it("one group under two logical names", async () => {
    assert.deepEqual(
      await refusal(group("a", "All users", sku("EMS")), group("b", idOfGroup("All users"), sku("ENTERPRISEPACK"))),
      ["licensing:groups.b.existing is the same group as licensing:groups.a: declare it once, with all its licences"],
    );
  });

  it("a SKU and plans that the tenant does not have, with the nearest", async () => {
    const [first = "", second = "", ...more] = await refusal(
      group("a", "All users", sku("EMSS"), sku("ENTERPRISEPACK", "YAMER_ENTERPRISE", "TEAMS1")),
    );
    assert.equal(first, 'licensing:groups.a.licenses[0] the tenant has no SKU "EMSS". Did you mean "EMS"?');
    const words = 'ENTERPRISEPACK has no service plan "YAMER_ENTERPRISE". Did you mean "YAMMER_ENTERPRISE"';
    assert.ok(second.startsWith(`licensing:groups.a.licenses[1] ${words}`), second);
    assert.deepEqual(more, []);
  });

  it("a SKU that is listed twice, under any names", async () => {
    assert.deepEqual(await refusal(group("a", "All users", sku("EMS"), sku(ems, "INTUNE_A"))), [
      "licensing:groups.a.licenses[1] EMS is listed twice: keep one entry",
    ]);
  });

  it("what is to be taken off a group, by any name of the SKU, or by the id of one that the tenant no longer lists", async () => {
    const gone = "00000000-0000-4000-8000-00000000ABCD";
    const spec = { ...group("a", "All users", sku("EMS")), removeLicenses: ["Office 365 E3", gone] };
    const [found] = await resolve(spec);
    assert.deepEqual(found?.removes, [e3, gone.toLowerCase()]);
    const [shown] = await resolve({ ...spec, removeLicenses: [`SPE_E3 (${gone})`] });
    assert.deepEqual(shown?.removes, [gone.toLowerCase()]);
  });

  it("what a group swaps in one call, once and not given by it", async () => {
    const spec = { ...group("a", "All users", sku("EMS")), swapInOneCall: ["Office 365 E3"] };
    const [found] = await resolve(spec);
    assert.deepEqual([found?.swaps, found?.removes], [[e3], undefined]);
    assert.deepEqual(await refusal({ ...spec, removeLicenses: ["ENTERPRISEPACK"] }), [
      "licensing:groups.a.swapInOneCall ENTERPRISEPACK is under removeLicenses, too: it goes in one call or in two steps. Keep one entry",
    ]);
    assert.deepEqual(await refusal({ ...spec, swapInOneCall: ["EMS"] }), [
      "licensing:groups.a.swapInOneCall[0] EMS is under licenses, too: the group gives it or it does not. Take it out of one of the two",
    ]);
  });

  it("what is to be taken off a group and given by it, and a SKU that is not there", async () => {
    const spec = group("a", "All users", sku("EMS"));
    assert.deepEqual(
      await refusal({ ...spec, removeLicenses: ["Enterprise Mobility + Security E3", "ENTERPRISEPAK"] }),
      [
        "licensing:groups.a.removeLicenses[0] EMS is under licenses, too: the group gives it or it does not. Take it out of one of the two",
        'licensing:groups.a.removeLicenses[1] the tenant has no SKU "ENTERPRISEPAK". Did you mean "ENTERPRISEPACK"?',
      ],
    );
  });

  it("every mistake at once", async () => {
    const lines = await refusal(
      group("a", "All people", sku("EMSS")),
      group("b", "Newsletter", sku("EMS")),
      group("c", "All users", sku("EMS"), sku("EMS")),
    );
    assert.deepEqual(
      lines.map((line) => line.split(" ")[0]),
      [
        "licensing:groups.a.existing",
        "licensing:groups.a.licenses[0]",
        "licensing:groups.b.existing",
        "licensing:groups.c.licenses[1]",
      ],
    );
  });
});
