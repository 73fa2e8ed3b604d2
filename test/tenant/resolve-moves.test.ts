import assert from "node:assert/strict";
import type { GroupSpec as TenantGroup } from "../../emulator";
import { migrationPermissions } from "../../emulator/directory/spec";
import { Catalog } from "../../licensing/catalog/catalog";
import { resolveDeclaration } from "../../tenant/resolve-declaration";
import { resolveMoves } from "../../tenant/resolve-moves";
import { MOVE, MOVE_GROUPS, tenantOfMove } from "../providers/move-tenant";
import { rigOf } from "../providers/rig";

describe("a move from group to group", () => {
  const rig = rigOf();

  async function resolved(from: Partial<TenantGroup>, to: Partial<TenantGroup> = {}, accepts: readonly string[] = []) {
    rig.start(tenantOfMove({ from, to }));
    return resolvedNow(accepts);
  }

  async function resolvedNow(acceptOtherUses: readonly string[] = []) {
    const graph = rig.graph();
    const declared = await resolveDeclaration(graph, MOVE_GROUPS, new Catalog(await graph.subscribedSkus()));
    const groups = await graph.presentGroups(declared.map(({ groupId }) => groupId));
    return resolveMoves(graph, [{ ...MOVE, acceptOtherUses }], declared, groups);
  }

  it("is between static groups for licences alone", async () => {
    const [move] = await resolved({});
    assert.deepEqual([move?.from.displayName, move?.to.displayName], ["E3 users", "E5 users"]);
  });

  const uses: readonly (readonly [Partial<TenantGroup>, RegExp])[] = [
    [{ appRoles: ["Salesforce"] }, /moves\[0\]\.from.*E3 users serves more than licences: an app role of Salesforce/],
    [{ directoryRoles: ["Reports Reader"] }, /the directory role Reports Reader/],
    [{ isAssignableToRole: true }, /directory roles, which it may be assigned/],
    [{ isTeam: true, groupTypes: ["Unified"], mailEnabled: true }, /a team; a Microsoft 365 group/],
  ];
  for (const [from, words] of uses) {
    it(`is refused without a key where the group has ${JSON.stringify(from)}`, async () => {
      await assert.rejects(resolved(from), words);
      assert.equal((await resolvedNow(["e3-users"])).length, 1, "with the key it is not");
      await assert.rejects(resolvedNow(["e5-users"]), words);
    });
  }

  it("is refused where the new group serves something else, too", async () => {
    await assert.rejects(resolved({}, { appRoles: ["Salesforce"] }), /moves\[0\]\.to.*E5 users serves more/);
  });

  it("is refused for dynamic and for synchronised groups, with any key", async () => {
    const both = ["e3-users", "e5-users"];
    await assert.rejects(resolved({ membershipRule: 'user.department -eq "x"' }, {}, both), /is dynamic/);
    await assert.rejects(resolved({}, { onPremisesSyncEnabled: true }, both), /synchronised from Active Directory/);
    await assert.rejects(resolved({ isManagementRestricted: true }, {}, both), /restricted management/);
  });

  it("is refused where it can't be read what the groups serve, unless the key is there", async () => {
    const apps = [{ name: "migration", permissions: [...migrationPermissions] }];
    rig.start(tenantOfMove({ more: { apps } }));
    await assert.rejects(
      resolvedNow(),
      /may serve more than licences: its app roles could not be read.*Directory\.Read\.All/,
    );
    assert.equal((await resolvedNow(["e3-users", "e5-users"])).length, 1);
  });
});
