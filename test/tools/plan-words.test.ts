import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { engineErrors } from "../../tools/plan/engine-errors";
import { readDocument } from "../../tools/plan/read-document";
import { planWords } from "../../tools/plan/words";
import { NOW_MS, smallDocument } from "../report/documents";

describe("the words of npm run plan", () => {
  it("are a stack and a folder, and all others are the preview's", () => {
    const words = ["--stack", "contoso", "--save-plan", "f.json", "--out=here", "--diff"];
    assert.deepEqual(planWords(words), { stack: "contoso", out: "here", others: ["--save-plan", "f.json", "--diff"] });
  });

  it("need no folder", () => {
    assert.equal(planWords(["-s", "org/contoso"])?.out, join("plans", "org-contoso"));
  });

  it("need a stack", () => {
    assert.equal(planWords(["--out", "here"]), null);
    assert.equal(planWords(["--stack"]), null);
  });
});

describe("what the engine says when it stops", () => {
  const said = [
    "Diagnostics:",
    "  licensing:index:LicenseWave (canary):",
    "    error: policy: a soak is missing",
    "      on canary",
    "",
    "  pulumi:pulumi:Stack (contoso):",
    "    error: preview failed",
  ].join("\n");

  it("is its errors, without its summaries", () => {
    assert.deepEqual(engineErrors(said), ["policy: a soak is missing\non canary"]);
  });

  const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-plan-"));
  const file = join(folder, "plan.json");
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("stands in the plan, also where the program knew nothing of it", () => {
    writeFileSync(file, JSON.stringify(smallDocument()));
    const { verdict, refusals, skus } = readDocument(file, { code: 1, said }, "contoso", NOW_MS);
    assert.equal(verdict.word, "stops");
    assert.deepEqual(refusals, [{ about: "", message: "policy: a soak is missing\non canary" }]);
    assert.equal(skus[0]?.after, null);
  });

  it("is none when --expect-no-changes found changes: that is what was asked", () => {
    writeFileSync(file, JSON.stringify(smallDocument()));
    const found = "error: no changes were expected for preview but changes were proposed";
    assert.deepEqual(readDocument(file, { code: 1, said: found }, "contoso", NOW_MS), smallDocument());
    const { refusals } = readDocument(file, { code: 1, said: `${said}\n${found}` }, "contoso", NOW_MS);
    assert.match(refusals[0]?.message ?? "", /a soak is missing/);
  });

  it("stands alone where the program did not come to write a plan", () => {
    const none = join(folder, "none.json");
    const { verdict, refusals } = readDocument(none, { code: 255, said: "error: no stack named 'x'" }, "x", NOW_MS);
    assert.equal(verdict.word, "stops");
    assert.deepEqual(refusals, [{ about: "", message: "no stack named 'x'" }]);
  });

  it("is no plan at all when the preview went through and wrote none", () => {
    assert.throws(() => readDocument(join(folder, "none.json"), { code: 0, said: "" }, "x", NOW_MS), /wrote no plan/);
  });
});
