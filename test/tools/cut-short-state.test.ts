import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { cutShortStates, formatCutShort } from "../../cli/engine/cut-short-state";

const WHOLE = '{"version": 3, "checkpoint": {}}';
const CUT = WHOLE.slice(0, 12);

describe("a state that was cut short by a full disk", () => {
  let root: string;
  const folder = () => join(root, ".pulumi", "stacks", "project");

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "cut-short-"));
    mkdirSync(folder(), { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function has(state: string, before: string | null): readonly string[] {
    writeFileSync(join(folder(), "contoso.json"), state);
    if (before !== null) writeFileSync(join(folder(), "contoso.json.bak"), before);
    return cutShortStates(`file://${root}`, "project").map(({ stack }) => stack);
  }

  it("is found where the one before is whole", () => {
    assert.deepEqual(has(CUT, WHOLE), ["contoso"]);
    assert.deepEqual(has("", WHOLE), ["contoso"]);
  });

  it("is nothing to speak of where the state is whole, or nothing whole is beside it", () => {
    assert.deepEqual(has(CUT, null), []);
    assert.deepEqual(has(CUT, CUT), []);
    assert.deepEqual(has(WHOLE, WHOLE), []);
  });

  it("is told with the command that mends it", () => {
    has(CUT, WHOLE);
    const [state = assert.fail()] = cutShortStates(`file://${root}?no_tmp_dir=true`, "project");
    const file = join(folder(), "contoso.json");
    assert.match(formatCutShort(state), /^The state of the stack contoso is cut short: the disk was full/);
    assert(formatCutShort(state).includes(`cp '${file}.bak' '${file}'\n`));
  });

  it("has notes of the engine beside it that go where they are cut short, and no state with them", () => {
    const notes = join(folder(), "contoso.json.attrs");
    for (const [state, before] of [
      [WHOLE, WHOLE],
      [WHOLE, null],
    ] as const) {
      for (const cut of ["", '{"user.cache_con']) {
        writeFileSync(notes, cut);
        has(state, before);
        const [found = assert.fail(), ...others] = cutShortStates(`file://${root}`, "project");
        assert.deepEqual([found, others], [{ stack: "contoso", file: notes, before: null }, []]);
        assert.match(formatCutShort(found), /notes about the state of the stack contoso is cut short/);
        assert(formatCutShort(found).includes(`rm '${notes}'\n`));
      }
    }
    writeFileSync(notes, "");
    assert.deepEqual(has(CUT, WHOLE), ["contoso", "contoso"], "both are mended");
    assert.deepEqual(has(CUT, CUT), [], "nothing is taken from a state that cannot be mended");
    writeFileSync(notes, '{"md5": ""}');
    assert.deepEqual(has(WHOLE, WHOLE), []);
  });

  it("is found under a path from here, and looked for on file backends alone", () => {
    has(CUT, WHOLE);
    assert.equal(cutShortStates(`file://./${relative(process.cwd(), root)}`, "project").length, 1);
    assert.deepEqual(cutShortStates("azblob://state", "project"), []);
    assert.deepEqual(cutShortStates(undefined, "project"), []);
    assert.deepEqual(cutShortStates(`file://${root}`, "another"), []);
  });
});
