import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { journeyOf, seedStackFile } from "./journey";
import { mixedTenant } from "./mixed-tenant";
import { planFiles, type PlanFiles } from "./plan-files";

const projectRoot = join(__dirname, "..", "..");
const schema = JSON.parse(readFileSync(join(projectRoot, "docs", "plan.schema.json"), "utf8")) as object;

describe("journey: entra-licensing plan writes what a preview says", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: mixedTenant() }), {
    ...seedStackFile,
    "licensing:applyThrough": "canary",
  });

  it("as data that the schema knows, for a pull request, and for a browser", async () => {
    const saved = join(journey.stack.folder, "saved-plan");
    let made: PlanFiles | undefined;
    const writes = await journey.writesDuring(
      async () => (made = await planFiles(journey, "files", ["--save-plan", saved])),
    );
    assert(made);
    const { code, said, document, markdown, page } = made;
    assert.equal(code, 0, said);
    assert.equal(writes, 0);
    const folder = join(journey.stack.folder, "files");
    for (const file of [saved, ...["plan.json", "plan.md", "plan.html"].map((name) => join(folder, name))]) {
      assert.equal(statSync(file).mode & 0o777, 0o600, file);
    }

    const validate = new Ajv({ allErrors: true }).compile(schema);
    assert.ok(validate(document), JSON.stringify(validate.errors));
    assert.equal(document.verdict.word, "needs-a-look");
    const [canary] = document.waves;
    assert.equal(canary?.state, "runs");
    assert.equal(canary.plannedUsers + canary.blockedUsers >= 20, true);
    // The interns, in a nested group, and Otto, in none.
    const outsiders = document.blocked.reasons.filter(({ kind }) => /nested-only|not-a-member/.test(kind));
    assert.deepEqual(
      outsiders.map(({ users }) => users),
      [3, 1],
    );
    assert.equal(document.names, null);

    assert.ok(markdown.includes(`**${document.verdict.label}:**`), markdown);
    assert.ok(page.startsWith("<!doctype html>"));
    assert.ok(said.includes(`${document.verdict.label}: ${document.verdict.summary}`), said);
    assert.match(said, /remove \d+ direct assignments/, "what the engine says is seen as well");
    assert.ok(existsSync(saved), "other words go to the preview");
  });

  it("and the refusal, where there is one", async () => {
    journey.edit({ "licensing:applyThrough": "canery" });
    const { code, document, markdown } = await planFiles(journey, "files");
    assert.notEqual(code, 0);
    assert.equal(document.verdict.word, "stops");
    assert.equal(document.tenant, "contoso.com");
    assert.match(document.refusals[0]?.message ?? "", /"canery" is no wave: .* Did you mean "canary"\?/);
    assert.match(markdown, /^> licensing:applyThrough "canery" is no wave/m);
  });
});
