import assert from "node:assert/strict";
import { GraphError } from "../../graph/failure";
import type { WaveSelector } from "../../licensing/stack-file";
import { Refusal } from "../../licensing/refusal";
import { resolveMoveLast } from "../../tenant/resolve-move-last";
import { resolveWaves } from "../../tenant/resolve-waves";
import { count, percent, wave } from "../licensing/builders";
import { openRig, type Rig } from "../providers/rig";
import { idOf, tenant, upn } from "../providers/tenants";

const users = (...words: string[]): WaveSelector => ({ kind: "users", users: words });
const group = (word: string): WaveSelector => ({ kind: "group", group: word });

describe("whom the waves of a stack file name", function () {
  this.timeout(20_000);
  let rig: Rig;

  before(async () => {
    rig = await openRig();
    rig.start(
      tenant({
        moreGroups: [
          { displayName: "Pilots", members: [upn("dan"), upn("eve")] },
          { displayName: "Twice" },
          { displayName: "twice", description: "another" },
        ],
      }),
    );
  });

  after(() => rig.close());

  const resolve = (...takes: readonly WaveSelector[]) =>
    resolveWaves(
      rig.graph(),
      takes.map((each, index) => wave(`wave-${index}`, each)),
    );

  async function refusal(...takes: readonly WaveSelector[]): Promise<readonly string[]> {
    const error: unknown = await resolve(...takes).then(
      () => assert.fail("it was resolved"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Refusal, String(error));
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }

  it("users by principal name and by id, in whatever case, each once", async () => {
    const named = await resolve(users(upn("ada"), upn("ben").toUpperCase(), idOf("cleo").toUpperCase(), idOf("ada")));
    assert.deepEqual(named, new Map([["wave-0", new Set([idOf("ada"), idOf("ben"), idOf("cleo")])]]));
  });

  it("the members of a group, by its name and by its id", async () => {
    const pilots = new Set([idOf("dan"), idOf("eve")]);
    const { id } = rig.emulator.tenant.group("Pilots");
    assert.deepEqual(
      await resolve(group("Pilots"), group(id)),
      new Map([
        ["wave-0", pilots],
        ["wave-1", pilots],
      ]),
    );
  });

  it("waves by count and percent name nobody, and ask nothing", async () => {
    const before = rig.emulator.requests.all().length;
    assert.deepEqual(await resolve(count(3), percent(10)), new Map());
    assert.equal(rig.emulator.requests.all().length, before);
  });

  it("who is not there is named by path, all at once", async () => {
    const nobody = "Write a user principal name or an object id";
    const ids = rig.emulator.tenant.groups().flatMap((each) => (/^twice$/i.test(each.displayName) ? [each.id] : []));
    const lines = await refusal(users(upn("ada"), "adda@contoso.com", "zoe"), group("Pilot"), group("Twice"));
    assert.deepEqual(lines.slice(0, 3), [
      `licensing:waves[0].users[1] the tenant has no user "adda@contoso.com". ${nobody}`,
      `licensing:waves[0].users[2] the tenant has no user "zoe". ${nobody}`,
      'licensing:waves[1].group the tenant has no group "Pilot". Write its display name exactly as the portal shows it, or its object id',
    ]);
    assert.match(
      lines[3] ?? "",
      /^licensing:waves\[2\]\.group 2 groups are called "Twice": write the object id of one of them: /,
    );
    for (const id of ids) assert.ok(lines[3]?.includes(id));
  });

  it("a read that fails is no mistake of the file", async () => {
    rig.emulator.faults.add({ match: { method: "GET", path: /^\/users\// }, times: 1, then: { status: 403 } });
    await assert.rejects(
      resolve(users(upn("ada"))),
      (error) => error instanceof GraphError && error.failure.kind === "forbidden",
    );
  });

  it("who goes last is found by principal name or id, under the word of the file", async () => {
    assert.deepEqual(
      await resolveMoveLast(rig.graph(), [upn("ada").toUpperCase(), idOf("ben")]),
      new Map([
        [upn("ada").toUpperCase(), idOf("ada")],
        [idOf("ben"), idOf("ben")],
      ]),
    );
    await assert.rejects(
      resolveMoveLast(rig.graph(), [upn("ada"), "nobody@contoso.com"]),
      /licensing:moveLast\[1\] the tenant has no user "nobody@contoso.com"/,
    );
  });
});
