import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { whenWritten } from "../../components/own-record";

const HALF_WRITTEN =
  "invocation of pulumi:pulumi:readStackResourceOutputs returned an error: failed to load checkpoint: EOF";

describe("the record that a run reads from its own state", () => {
  /** A checkpoint that fails to be read so many times. */
  function checkpoint(failures: number, message = HALF_WRITTEN) {
    const waits: number[] = [];
    let reads = 0;
    const read = () => ((reads += 1) <= failures ? Promise.reject(new Error(message)) : Promise.resolve("the record"));
    const wait = (ms: number) => Promise.resolve(waits.push(ms));
    return { waits, reads: () => reads, record: () => whenWritten(read, wait) };
  }

  it("is read again while the engine writes the checkpoint", async () => {
    const { record, waits } = checkpoint(3);
    assert.equal(await record(), "the record");
    assert.equal(waits.length, 3);
  });

  it("ends the run with the engine's words where the checkpoint stays unreadable for three seconds", async () => {
    const { record, waits } = checkpoint(Infinity);
    await assert.rejects(record(), /failed to load checkpoint: EOF/);
    assert.equal(
      waits.reduce((sum, ms) => sum + ms, 0),
      2_700,
    );
  });

  it("ends the run at once for any other error", async () => {
    const { record, reads } = checkpoint(1, "no stack named contoso found");
    await assert.rejects(record(), /no stack named/);
    assert.equal(reads(), 1);
  });
});
