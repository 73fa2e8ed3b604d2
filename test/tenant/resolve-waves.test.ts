import assert from "node:assert/strict";
import { GraphError } from "../../graph/client/failure";
import type { WaveSelector } from "../../licensing/stack-file/stack-file";
import { EMPTY_RECORD, type StackRecord } from "../../licensing/record/record";
import { Refusal } from "../../licensing/refusal";
import { resolveMoveLast } from "../../tenant/resolve-move-last";
import { resolveWaves } from "../../tenant/resolve-waves";
import { count, percent, record, wave } from "../licensing/builders";
import { openRig, type Rig } from "../providers/rig";
import { idOf, tenant, upn } from "../providers/tenants";

const users = (...words: string[]): WaveSelector => ({ kind: "users", users: words });
const group = (word: string): WaveSelector => ({ kind: "group", group: word });

describe("users named in the waves of a stack file", function () {
  this.timeout(120_000);
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

  const resolve = async (...takes: readonly WaveSelector[]) => (await resolveIn(EMPTY_RECORD, takes)).members;

  const resolveIn = (record: StackRecord, takes: readonly WaveSelector[]) =>
    resolveWaves(
      rig.graph(),
      takes.map((each, index) => wave(`wave-${index}`, each)),
      record,
    );

  const begun = (...names: readonly string[]): StackRecord =>
    record(Object.fromEntries(names.map((name) => [name, { taken: [idOf("ada")] }])));

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

  it("users by principal name and by id, in any case, each once", async () => {
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

  it("waves by count and percent name no user, and ask nothing", async () => {
    const before = rig.emulator.requests.all().length;
    assert.deepEqual(await resolve(count(3), percent(10)), new Map());
    assert.equal(rig.emulator.requests.all().length, before);
  });

  it("reports all missing users at once, each by its path in the stack file", async () => {
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

  it("finds moveLast users by principal name or id, keyed as written in the file", async () => {
    assert.deepEqual(
      (await resolveMoveLast(rig.graph(), [upn("ada").toUpperCase(), idOf("ben")], EMPTY_RECORD)).users,
      new Map([
        [upn("ada").toUpperCase(), idOf("ada")],
        [idOf("ben"), idOf("ben")],
      ]),
    );
    await assert.rejects(
      resolveMoveLast(rig.graph(), [upn("ada"), "nobody@contoso.com"], EMPTY_RECORD),
      /licensing:moveLast\[1\] the tenant has no user "nobody@contoso.com"/,
    );
  });

  it("a user, an id or a group that left after the wave had begun is a note, and the others are found", async () => {
    const unknown = "00000000-0000-4000-8000-000000000000";
    const takes = [users("left@contoso.com", unknown, upn("ben")), group("Closed"), users(upn("cleo"))];
    const which = (wave: string, kind: string) =>
      `which wave ${wave} names: the ${kind} was deleted, or the name is misspelt.`;
    const { members, notes } = await resolveIn(begun("wave-0", "wave-1"), takes);
    assert.deepEqual([...members.values()], [new Set([idOf("ben")]), new Set(), new Set([idOf("cleo")])]);
    assert.deepEqual(
      notes.map(({ severity, message }) => [severity, message]),
      [
        ["note", `licensing:waves[0].users[0]: the tenant has no user "left@contoso.com", ${which("wave-0", "user")}`],
        ["note", `licensing:waves[0].users[1]: the tenant has no user "${unknown}", ${which("wave-0", "user")}`],
        ["note", `licensing:waves[1].group: the tenant has no group "Closed", ${which("wave-1", "group")}`],
      ],
    );
    assert.match(
      notes[0]?.remedy ?? "",
      /the name of one that is gone may stay\. A misspelt name takes no user: correct it\.$/,
    );
  });

  it("the same name in a wave that has not begun is a mistake still", async () => {
    const takes = [users("left@contoso.com"), users("left@contoso.com")];
    await assert.rejects(resolveIn(begun("wave-0"), takes), (error: Error) => {
      assert.match(error.message, /licensing:waves\[1\]\.users\[0\] the tenant has no user "left@contoso\.com"/);
      assert.doesNotMatch(error.message, /waves\[0\]/);
      return true;
    });
  });

  it("notes a deleted moveLast user, and finds a renamed one by the recorded id", async () => {
    const gone = "00000000-0000-4000-8000-000000000000";
    const moveLast = new Map([
      ["left@contoso.com", gone],
      ["ada.maiden-name@contoso.com", idOf("ada")],
    ]);
    const { users: found, notes } = await resolveMoveLast(rig.graph(), [...moveLast.keys(), upn("ben")], { moveLast });
    assert.deepEqual(
      found,
      new Map([
        [upn("ben"), idOf("ben")],
        ["ada.maiden-name@contoso.com", idOf("ada")],
      ]),
    );
    assert.deepEqual(
      notes.map(({ message }) => message),
      [
        `licensing:moveLast[0]: the tenant no longer has the user "left@contoso.com" (${gone}).`,
        `licensing:moveLast[1]: no user is called "ada.maiden-name@contoso.com" any more; ${idOf("ada")}, which had that name, is still moved last.`,
      ],
    );
    await assert.rejects(
      resolveMoveLast(rig.graph(), ["left@contoso.com", "typo@contoso.com"], { moveLast }),
      /^(?!.*left@)[^]*licensing:moveLast\[1\] the tenant has no user "typo@contoso\.com"/,
    );
  });
});
