import assert from "node:assert/strict";
import { toPulumiProvider } from "../../dynamic-providers/engine/hosted";
import type { Host } from "../../dynamic-providers/engine/host";
import type { Lifecycle } from "../../dynamic-providers/engine/lifecycle";

interface In {
  readonly wanted: number;
}
interface Out {
  readonly made: number;
  readonly optional?: string | undefined;
}

/** A lifecycle with a preset outcome. */
function provider(changes: Partial<Lifecycle<In, Out>> = {}, unfinished: readonly string[] = []) {
  const seen: unknown[] = [];
  const lifecycle: Lifecycle<In, Out> = {
    idOf: ({ wanted }) => `number ${wanted}`,
    refusal: ({ wanted }) => (wanted < 0 ? "less than nothing" : null),
    hasChanges: ({ wanted }, { made }) => wanted !== made,
    converge: (inputs, before) => {
      seen.push(before);
      return Promise.resolve({ outputs: { made: inputs.wanted, optional: undefined }, unfinished });
    },
    release: (outputs) => {
      seen.push(outputs);
      return Promise.resolve();
    },
    ...changes,
  };
  return { hosted: toPulumiProvider(lifecycle, () => ({}) as Host), seen };
}

async function failureOf(promise: Promise<unknown>): Promise<{ id: string; properties: object; reasons: string[] }> {
  return promise.then(
    () => assert.fail("it succeeded"),
    (error: unknown) => error as { id: string; properties: object; reasons: string[] },
  );
}

describe("a lifecycle, hosted as a dynamic provider", () => {
  const inputs = { wanted: 3, __provider: "the stub" };

  it("checks: what is refused stops the preview, without a raw value in front", async () => {
    const { hosted: it } = provider();
    assert.deepEqual(await it.check({}, inputs), { inputs, failures: [] });
    assert.deepEqual((await it.check({}, { wanted: -1 })).failures, [{ property: "", reason: "less than nothing" }]);
  });

  it("refuses a row behind one that the state does not have, except in a preview, and keeps no list of these rows", async () => {
    const { hosted: it } = provider();
    const here = { urn: "urn:pulumi:contoso::licensing::type::gate", id: "inheritance" };
    const unknown = { urn: "urn:pulumi:contoso::licensing::type::debts", id: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    const noId = { urn: "urn:pulumi:contoso::licensing::type::canary-1" };
    const none = { inputs, failures: [] };
    assert.deepEqual(await it.check({}, { ...inputs, __behind: [here] }), none);
    assert.deepEqual(await it.check({}, { ...inputs, __behind: [unknown, noId], __preview: true }), none);
    const { failures } = await it.check({}, { ...inputs, __behind: [here, unknown, noId] });
    assert.match(
      failures[0]?.reason ?? "",
      /^it depends on 'debts' and 'canary-1', which the state does not have yet /,
    );
  });

  it("creates: the state has the id, the outputs, the provider, and that it is complete", async () => {
    const { hosted: it, seen } = provider();
    const made = await it.create(inputs);
    assert.deepEqual(made, { id: "number 3", outs: { made: 3, complete: true, __provider: "the stub" } });
    assert.deepEqual(seen, [null], "nothing was there before");
  });

  it("has no undefined in the state: the engine hangs on it", async () => {
    const { outs } = await provider().hosted.create(inputs);
    assert.ok(!("optional" in outs));
  });

  it("updates from what was there before", async () => {
    const { hosted: it, seen } = provider();
    const olds = { made: 2, complete: true };
    assert.deepEqual(await it.update("number 2", olds, inputs), {
      outs: { made: 3, complete: true, __provider: "the stub" },
    });
    assert.deepEqual(seen, [olds]);
  });

  it("keeps a partial result: the error has the id, the properties with the provider, and the reasons", async () => {
    const { hosted: it } = provider({}, ["not all of it", "nor that"]);
    for (const run of [it.create(inputs), it.update("number 2", {}, inputs)]) {
      const { id, properties, reasons } = await failureOf(run);
      assert.equal(id, "number 3");
      assert.deepEqual(properties, { made: 3, complete: false, __provider: "the stub" });
      assert.deepEqual(reasons, ["not all of it", "nor that"]);
    }
  });

  it("shows ten reasons at most, and how many more there are", async () => {
    const many = Array.from({ length: 12 }, (_, n) => `reason ${n}`);
    const { reasons } = await failureOf(provider({}, many).hosted.create(inputs));
    assert.deepEqual([reasons.length, reasons.at(-1)], [11, "and 2 more"]);
    assert.equal((await failureOf(provider({}, many.slice(0, 10)).hosted.create(inputs))).reasons.length, 10);
  });

  it("says that there is work while the last result is not complete, though all else is equal", async () => {
    const { hosted: it } = provider();
    const changes = async (olds: object) => (await it.diff("number 3", { ...olds }, inputs)).changes;
    assert.equal(await changes({ made: 3, complete: true }), false);
    assert.equal(await changes({ made: 2, complete: true }), true);
    assert.equal(await changes({ made: 3, complete: false }), true);
    assert.equal(await changes({ made: 3 }), true);
  });

  it("a failure that is no partial result stays what it is", async () => {
    const broken = provider({ converge: () => Promise.reject(new Error("a bug")) });
    const error = await failureOf(broken.hosted.create(inputs));
    assert.equal("properties" in error, false);
  });

  it("lets go of what the state has", async () => {
    const { hosted: it, seen } = provider();
    await it.delete("number 3", { made: 3 });
    assert.deepEqual(seen, [{ made: 3 }]);
  });

  it("keeps lists of users out of what the state gets, and has them where the work is done", async () => {
    const given: unknown[] = [];
    const { hosted: it } = provider({
      hasChanges: (news) => given.push(news) > 0,
      converge: (news) => {
        given.push(news);
        return Promise.resolve({ outputs: { made: 3 }, unfinished: [] });
      },
    });
    const full = { ...inputs, __lists: { planned: "ABEiM0RVZneImaq7zN3u/w==" } };
    const { inputs: checked } = await it.check({}, full);
    assert.match(String(checked["__lists"]), /^[0-9a-f]{64}$/);
    const again = await it.check({}, { ...full, __lists: { planned: "" } });
    assert.notEqual(again.inputs["__lists"], checked["__lists"], "other lists are other inputs");
    await it.diff("number 3", { made: 3, complete: true }, checked);
    await it.create(checked);
    await it.update("number 3", { made: 2 }, checked);
    assert.deepEqual(given, [full, full, full]);
  });

  it("does nothing where the lists were handed to another process", async () => {
    const full = { ...inputs, __lists: { planned: "ABEiM0RVZneImaq7zN3u/w==" } };
    const { inputs: checked } = await provider().hosted.check({}, full);
    const { hosted: it, seen } = provider();
    for (const run of [it.create(checked), it.update("number 3", {}, checked)]) {
      await assert.rejects(run, /^Refusal: .*Nothing was changed by it. Run pulumi up again/);
    }
    assert.deepEqual(seen, []);
  });

  it("tells a refresh, which has no check before, what the state itself says", async () => {
    const { inputs: checked } = await provider().hosted.check({}, { ...inputs, __lists: { planned: "" } });
    const { hosted: it } = provider({ hasChanges: () => assert.fail("the lists are gone") });
    assert.deepEqual(await it.diff("number 3", { complete: true }, checked), { changes: false });
    assert.deepEqual(await it.diff("number 3", { complete: false }, checked), { changes: true });
  });
});
