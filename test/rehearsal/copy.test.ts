import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guidFrom, type UserSpec } from "../../emulator";
import { parseRule } from "../../emulator/licensing/membership-rule";
import { Refusal } from "../../licensing/refusal";
import { anonymised } from "../../rehearsal/copy/anonymise";
import { loadCopy, saveCopy } from "../../rehearsal/copy/copy-file";
import { readCopy } from "../../rehearsal/copy/read-copy";
import { copySchema, type RehearsalCopy } from "../../rehearsal/copy/schema";
import type { StackConfig } from "../../rehearsal/copy/stack-config";
import { tenantOf } from "../../rehearsal/embedded/tenant-of";
import { openRig, type Rig } from "../providers/rig";
import { oddStackFile, oddTenant, upn } from "./odd-tenant";

const INNER = guidFrom(`inside ${guidFrom("group Contractors")}`);

/** Groups of which only the members count. */
const DEEPER = [INNER, guidFrom("group Subcontractors")];

describe("a copy of a tenant's licensing state", function () {
  this.timeout(120_000);
  let rig: Rig;
  let folder: string;

  before(async () => {
    rig = await openRig({ unevenPages: true });
    folder = mkdtempSync(join(tmpdir(), "copy-"));
  });

  beforeEach(() => {
    rig.start(oddTenant());
  });

  after(async () => {
    rmSync(folder, { recursive: true });
    await rig.close();
  });

  const idOf = (name: string) => guidFrom(`user ${upn(name)}`);

  function copy(config: StackConfig = oddStackFile, names = false): Promise<RehearsalCopy> {
    return readCopy(rig.graph(), { stack: "contoso", config, names, now: new Date(0), say: () => undefined });
  }

  /** Everything that the program would hear of these users, these groups and the SKUs. */
  async function answers({ users, groups }: RehearsalCopy) {
    const graph = rig.graph();
    // Groups inside groups inside groups are one here, made by the copy.
    const groupIds = groups.map(({ id }) => id).filter((id) => id !== INNER);
    const [ofUsers, ofGroups, members, memberships, nested, skus, inError] = await Promise.all([
      graph.users(users.map(({ id }) => id)),
      graph.groups(groupIds),
      graph.memberIds(groupIds),
      graph.memberships(users.map(({ id }) => id)),
      graph.groupsWithNested(["group All users", "group Finance department"].map(guidFrom)),
      graph.subscribedSkus(),
      graph.skusAndErrors(groupIds),
    ]);
    return { ofUsers, ofGroups, members: sets(members), memberships: sets(memberships), nested, skus, inError };
  }

  /** The order of a list says nothing. */
  const sets = (all: ReadonlyMap<string, ReadonlySet<string>>) =>
    new Map([...all].map(([id, ids]) => [id, [...ids].filter((each) => !DEEPER.includes(each)).sort()]));

  it("has the users that a migration looks at, by id, reading only", async () => {
    const { users, groups, tenant } = await copy();
    const expected = "ada ben cleo dan eve fay gil hal ida jon kai lea moe ned".split(" ").map(idOf);
    assert.deepEqual(users.map(({ id }) => id).sort(), expected.sort());
    assert.deepEqual(groups.map(({ displayName }) => displayName).sort(), [
      "All users",
      "Contractors",
      "Finance department",
      "Groups inside Contractors",
      "Old licences",
      "Pilots",
    ]);
    assert.equal(tenant.country, "CH");
    assert.deepEqual(rig.emulator.requests.writes(), []);
    const text = JSON.stringify(users);
    assert.doesNotMatch(text, /@contoso|ADA/);
    assert.match(JSON.stringify((await copy(oddStackFile, true)).users), /"ADA","userPrincipalName":"ada@contoso.com"/);
  });

  it("has ids in its stack file, goes forward, and leaves where and how far to the rehearsal", async () => {
    const { stackFile, tenant } = await copy();
    const { "licensing:groups": groups, "licensing:waves": waves, ...others } = stackFile;
    assert.deepEqual(others, { "licensing:tenant": tenant.id, "licensing:moveLast": [idOf("gil")] });
    assert.deepEqual(waves, [
      { name: "canary", users: [idOf("ada"), idOf("ned")], soak: "24 hours" },
      { name: "pilots", group: guidFrom("group Pilots") },
      { name: "everyone", percent: 100 },
    ]);
    assert.deepEqual(
      (groups as Record<string, { existing: string }>)["finance"]?.existing,
      guidFrom("group Finance department"),
    );
    const { create } = (groups as Record<string, { create: unknown }>)["visible"] ?? {};
    assert.deepEqual(create, {
      displayName: "LIC Secret project",
      description: "For Zoe",
      owners: [idOf("ned")],
      members: { users: [idOf("moe")] },
    });
  });

  it("makes an embedded tenant that answers as the real one", async () => {
    const copied = await copy(oddStackFile, true);
    const before = await answers(copied);
    rig.start(tenantOf(copied));
    const after = await answers(copied);
    assert.deepEqual(after, before);
    const again = await readCopy(rig.graph(), {
      stack: "contoso",
      config: copied.stackFile,
      names: true,
      now: new Date(0),
      say: () => undefined,
    });
    assert.deepEqual(sorted(again), sorted(copied));
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("has the errors of causes that only Entra knows again when a group is processed, and goes on with what was in progress", async () => {
    const copied = await copy();
    rig.start(tenantOf(copied));
    const { tenant, clock } = rig.emulator;
    assert.equal(tenant.group("Finance department").processingState, "ProcessingInProgress");
    clock.advance(60_000);
    assert.equal(tenant.group("Finance department").processingState, "ProcessingComplete");
    const errorOf = (name: string) =>
      tenant.user(idOf(name)).holdings.assignments.find(({ assignedByGroup }) => assignedByGroup !== null)?.error;
    assert.equal(errorOf("dan"), "UniquenessViolation");
    assert.equal(errorOf("gil"), "None", "Entra came to it");
    assert.equal(tenant.sku("EMS").seats.enabled, 20);
    // A user that had left before keeps it until Entra comes to it: that is people's doing, here as there.
    assert.deepEqual(
      rig.emulator.history.losses().map(({ userId, cause }) => [userId, cause.by]),
      [[idOf("hal"), "people"]],
    );
  });

  it("to send: no id, no name, no time of the tenant, and still the same people in the same places", async () => {
    const copied = await copy(oddStackFile, true);
    const sent = anonymised(copied, false);
    assert.deepEqual(copySchema.parse(sent), sent);
    const text = JSON.stringify(sent);
    for (const { id, displayName, userPrincipalName = "" } of copied.users) {
      for (const word of [id, `"${displayName ?? ""}"`, userPrincipalName]) assert.ok(!text.includes(word), word);
    }
    for (const { id } of copied.groups) assert.ok(!text.includes(id), id);
    assert.doesNotMatch(text, /contoso\.|Contoso|Finance dep|Secret|Zoe|Sales|changedAt/);
    assert.match(text, /"finance"/, "logical names stay");
    assert.ok(text.includes("ENTERPRISEPACK"));
    assert.notDeepEqual(
      sent.users.map(({ id }) => id),
      anonymised(copied, false).users.map(({ id }) => id),
      "another key each time",
    );
    assert.deepEqual(shapeOf(sent), shapeOf(copied));
    rig.start(tenantOf(sent));
    const again = await readCopy(rig.graph(), {
      stack: "contoso",
      config: sent.stackFile,
      names: false,
      now: new Date(0),
      say: () => undefined,
    });
    assert.deepEqual(shapeOf(again), shapeOf(sent));
  });

  it("keeps ids where that is asked for, and nothing else", async () => {
    const copied = await copy(oddStackFile, true);
    const kept = anonymised(copied, true);
    assert.equal(kept.ids, "real");
    assert.deepEqual(
      kept.users.map(({ id }) => id),
      copied.users.map(({ id }) => id).sort(),
    );
    assert.doesNotMatch(JSON.stringify(kept), /contoso\.|Contoso|"ADA"|Finance dep|Secret/);
  });

  for (const name of ["copy.json", "copy.json.gz"]) {
    it(`is one file, ${name}, that only its owner may read`, async () => {
      const copied = await copy();
      const file = join(folder, name);
      saveCopy(file, copied);
      assert.deepEqual(loadCopy(file), copied);
      if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
    });
  }

  it("a file that is something else is refused", async () => {
    const file = join(folder, "other.json");
    for (const [text, words] of [
      ["{", /cannot be read/],
      ["{}", /is no copy that this version can load/],
      [JSON.stringify({ ...(await copy()), version: 2 }), /is no copy that this version can load/],
    ] as const) {
      writeFileSync(file, text);
      assert.throws(
        () => loadCopy(file),
        (error) => error instanceof Refusal && words.test(error.message),
      );
    }
  });

  it("has all users that a simple rule takes, and one without licences for each of them", async () => {
    const takenBy = { displayName: "LIC Design", members: { rule: 'user.department -eq "Secret Design"' } };
    const design = { create: takenBy, licenses: ["STANDARDPACK"] };
    const tenant = oddTenant();
    const users = (tenant.users ?? []).map((user) =>
      ["zoe", "ada", "ned", "moe"].map(upn).includes(user.userPrincipalName)
        ? { ...user, department: "secret DESIGN" }
        : user,
    );
    const start = () => {
      rig.start({ ...tenant, users });
    };
    start();
    const config = {
      "licensing:tenant": "contoso.com",
      "licensing:groups": { design, again: { ...design, create: { ...takenBy, displayName: "LIC 2" } } },
    };
    const real = await copy(config);
    const taken = (copied: RehearsalCopy) => copied.users.filter(({ properties }) => properties !== undefined);
    assert.equal(taken(real).length, 4);
    assert.ok([idOf("zoe"), idOf("ada")].every((id) => taken(real).some((user) => user.id === id)));
    assert.equal(
      taken(real).filter(({ assignments }) => assignments.length === 0).length,
      2,
      "ned and moe under other ids",
    );
    for (const copied of [real, anonymised(real, false)]) {
      const { "licensing:groups": groups } = copied.stackFile as {
        "licensing:groups": { design: { create: { members: { rule: string } } } };
      };
      rig.start(tenantOf(copied));
      const { rule } = groups.design.create.members;
      const value = /"(.+)"/.exec(rule)?.[1] ?? "";
      const counts = await rig.graph().userCounts(new Map([["all", [{ property: "department", values: [value] }]]]));
      assert.equal(counts.get("all"), 4, rule);
      assert.equal(/secret/i.test(rule), copied === real);
    }
    assert.doesNotMatch(JSON.stringify(anonymised(real, true)), /secret/i);
  });

  describe("of a tenant with groups that get their members by rules", () => {
    const design = 'user.department -in ["Secret Design", "Secret Art"]';
    const town = 'user.department -eq "secret art" -and user.country -eq "Bern"';
    const company = 'user.companyName -eq "Secret Ltd" -and user.country -in ["Bern", "Uri", "Zug"]';
    const profiles: Readonly<Record<string, Partial<UserSpec>>> = {
      ada: { department: "SECRET design", country: "Uri", companyName: "secret LTD" },
      zoe: { department: "Secret Art", country: "bern" },
      lea: { department: "Secret Art", country: "Zug" },
      kai: { country: "Bern", companyName: "Others" },
      // Without a licence.
      moe: { department: "Secret Art", country: "Bern", companyName: "Secret Ltd" },
      ned: { department: "secret art", country: "Zug", companyName: "Secret Ltd" },
    };
    const byRule = {
      design: ["ada", "zoe", "lea", "moe", "ned"],
      town: ["zoe", "moe"],
      company: ["ada", "moe", "ned"],
    };

    const group = (name: string, rule: string) => ({
      create: { displayName: `LIC ${name}`, members: { rule } },
      licenses: ["STANDARDPACK"],
    });
    const config = {
      "licensing:tenant": "contoso.com",
      "licensing:groups": {
        design: group("design", design),
        town: group("town", town),
        company: group("company", company),
      },
    };
    let real: RehearsalCopy;

    beforeEach(async () => {
      const tenant = oddTenant();
      const users = (tenant.users ?? []).map((user) => ({
        ...user,
        ...profiles[user.userPrincipalName.replace("@contoso.com", "")],
      }));
      rig.start({ ...tenant, users });
      real = await copy(config);
    });

    /** The users that the embedded Graph puts into a group by each rule of a stack file. */
    function takenHere(copied: RehearsalCopy): Record<string, readonly string[]> {
      const groups = copied.stackFile["licensing:groups"] as Record<string, ReturnType<typeof group>>;
      return Object.fromEntries(
        Object.entries(groups).map(([name, { create }]) => {
          const takes = parseRule(create.members.rule);
          return [name, rig.emulator.tenant.users().flatMap((user) => (takes(user) ? [user.id] : []))];
        }),
      );
    }

    it("each takes the users that it takes there, and as many without licences", () => {
      rig.start(tenantOf(real));
      const taken = takenHere(real);
      for (const [name, people] of Object.entries(byRule)) {
        assert.equal(taken[name]?.length, people.length, name);
        for (const licensed of people.filter((each) => !["moe", "ned"].includes(each)))
          assert.ok(new Set(taken[name]).has(idOf(licensed)), `${name} ${licensed}`);
      }
    });

    it("a user that two rules take is one user", () => {
      const unlicensed = real.users.filter(({ properties, assignments }) => properties && assignments.length === 0);
      assert.equal(unlicensed.length, 2, "moe and ned under other ids");
      assert.ok(!JSON.stringify(real.users).includes("Others"), "no rule goes by where kai works");
    });

    it("to send: the same about other words", () => {
      for (const keepIds of [true, false]) {
        const sent = anonymised(real, keepIds);
        assert.doesNotMatch(JSON.stringify(sent), /secret|bern|"uri|zug/i);
        rig.start(tenantOf(sent));
        const taken = Object.entries(takenHere(sent)).map(([name, ids]) => [name, ids.length]);
        assert.deepEqual(taken, [
          ["design", 5],
          ["town", 2],
          ["company", 3],
        ]);
      }
    });

    it("again is the same, of the embedded tenant", async () => {
      rig.start(tenantOf(real));
      assert.deepEqual(sorted(await copy(real.stackFile)).users, sorted(real).users);
    });
  });

  it("refuses what it could only guess, and names it", async () => {
    const sixteen = Array.from({ length: 16 }, (_, at) => `"${at}"`).join(", ");
    for (const rule of ['user.jobTitle -eq "Design"', `user.country -in [${sixteen}]`]) {
      const groups = { design: { create: { displayName: "LIC", members: { rule } }, licenses: ["EMS"] } };
      await assert.rejects(copy({ ...oddStackFile, "licensing:groups": groups }), ({ message }: Error) =>
        message.includes(`licensing:groups.design.create.members has the rule ${rule}\n`),
      );
    }
    assert.deepEqual(rig.emulator.requests.all(), []);
    await assert.rejects(
      copy({ ...oddStackFile, "licensing:waves": [{ name: "canary", users: ["nobody@contoso.com"] }] }),
      /the tenant has no user "nobody@contoso\.com"/,
    );
  });
});

/** In an order that does not come from the listing. */
function sorted(copy: RehearsalCopy): RehearsalCopy {
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => a.id.localeCompare(b.id);
  return {
    ...copy,
    // Made where the copy is made.
    groups: copy.groups
      .filter(({ id }) => id !== INNER && id !== guidFrom(`inside ${INNER}`))
      .map((group) => ({
        ...group,
        members: [...group.members].sort(),
        nested: group.nested.filter((id) => id !== INNER).sort(),
      }))
      .sort(byId),
    users: [...copy.users].sort(byId),
  };
}

/** What a copy says of users with unknown ids. */
function shapeOf({ users, groups }: RehearsalCopy): unknown {
  const names = new Map(
    groups.map(({ id, licenses, members }) => [id, `${JSON.stringify(licenses)} ${members.length}`]),
  );
  const held = users.map(({ id, assignments, usageLocation, accountEnabled, unknownSource }) =>
    JSON.stringify({
      held: assignments.map(({ changedAtMs: _at, assignedByGroup, ...rest }) => ({
        ...rest,
        by: assignedByGroup === null ? null : (names.get(assignedByGroup) ?? "gone"),
      })),
      usageLocation,
      accountEnabled,
      unknownSource,
      memberOf: groups
        .filter(({ members }) => members.includes(id))
        .map((group) => names.get(group.id))
        .sort(),
    }),
  );
  return held.sort();
}
