import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, it } from "mocha";
import { blockedCsv } from "../../cli/plan/blocked-csv";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { engineErrors } from "../../cli/plan/engine-errors";
import { readDocument } from "../../cli/plan/read-document";
import { withOwnFile, writeOwnFile } from "../../cli/plan/own-file";
import { NOW_MS, smallDocument } from "../report/documents";

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

  for (const [error, remedy] of [
    ["PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", /export PULUMI_BACKEND_URL=/],
    ["no stack named 'organization/project/contoso' found", /npm run pulumi -- stack init contoso$/],
    ["no stack named 'contoso' found", /npm run pulumi -- stack init contoso$/],
    [
      "getting stack configuration: passphrase must be set with PULUMI_CONFIG_PASSPHRASE",
      /PULUMI_CONFIG_PASSPHRASE=…$/,
    ],
    ["resource urn::baseline cannot be deleted because it is protected", /^Do not unprotect it: .*rollback --stack/m],
  ] as const) {
    it(`says what to do about "${error}", which the engine does not`, () => {
      const [shown = "", ...more] = engineErrors(`error: ${error}`);
      assert.deepEqual(more, []);
      assert.ok(shown.startsWith(`${error}\n`));
      assert.match(shown, remedy);
    });
  }

  const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-plan-"));
  const file = join(folder, "plan.json");
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("stands in the plan, also where the program knew nothing of it", () => {
    writeFileSync(file, JSON.stringify(smallDocument()));
    const { verdict, refusals, skus } = readDocument(file, { code: 1, said, rules: [] }, "contoso", NOW_MS);
    assert.equal(verdict.word, "stops");
    assert.deepEqual(refusals, [{ about: "", message: "policy: a soak is missing\non canary" }]);
    assert.equal(skus[0]?.after, null);
  });

  it("is none when --expect-no-changes found changes: that is what was asked", () => {
    writeFileSync(file, JSON.stringify(smallDocument()));
    const found = "error: no changes were expected for preview but changes were proposed";
    assert.deepEqual(readDocument(file, { code: 1, said: found, rules: [] }, "contoso", NOW_MS), smallDocument());
    const { refusals } = readDocument(file, { code: 1, said: `${said}\n${found}`, rules: [] }, "contoso", NOW_MS);
    assert.match(refusals[0]?.message ?? "", /a soak is missing/);
  });

  it("has each rule that is broken: a mandatory one refuses, another one warns", () => {
    writeFileSync(file, JSON.stringify(smallDocument()));
    const rule = { about: "rule soak (everyone-1)", message: "Write soak: 24 hours", isMandatory: true };
    const advice = { about: "rule group-names (staff)", message: "Rename it", isMandatory: false };
    const run = { code: 1, said: "error: preview failed", rules: [rule, advice] };
    const { verdict, refusals, warnings } = readDocument(file, run, "contoso", NOW_MS);
    assert.equal(verdict.word, "stops");
    assert.deepEqual(refusals, [{ about: rule.about, message: rule.message }]);
    assert.equal(warnings.at(-1), "rule group-names (staff): Rename it");
  });

  it("stands alone where the program did not come to write a plan", () => {
    const none = join(folder, "none.json");
    const { verdict, refusals } = readDocument(
      none,
      { code: 255, said: "error: no project here", rules: [] },
      "x",
      NOW_MS,
    );
    assert.equal(verdict.word, "stops");
    assert.match(refusals[0]?.message ?? "", /^There is no plan: .* no finding .*\nno project here$/s);
  });

  it("is no plan at all when the preview went through and wrote none", () => {
    assert.throws(
      () => readDocument(join(folder, "none.json"), { code: 0, said: "", rules: [] }, "x", NOW_MS),
      /wrote no plan/,
    );
  });
});

describe("the files of a plan", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "plan-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const modeOf = (file: string) => statSync(file).mode & 0o777;

  it("are for their owner alone, also in the place of one that was not", () => {
    const file = join(folder, "plan.json");
    writeFileSync(file, "older", { mode: 0o644 });
    writeOwnFile(file, "new");
    assert.deepEqual([readFileSync(file, "utf8"), modeOf(file)], ["new", 0o600]);
  });

  it("that the engine saves are, too; where it saves none there is none", async () => {
    const file = join(folder, "update-plan.json");
    let meanwhile = 0;
    await withOwnFile(file, async () => {
      await writeFile(file, "saved");
      meanwhile = modeOf(file);
    });
    assert.deepEqual([readFileSync(file, "utf8"), meanwhile, modeOf(file)], ["saved", 0o600, 0o600]);
    await withOwnFile(file, () => Promise.resolve());
    assert.equal(existsSync(file), false);
  });
});

describe("blocked.csv", () => {
  const rowsOf = (document: PlanDocument) =>
    parse<Readonly<Record<string, string>>>(blockedCsv(document), { bom: true, columns: true });

  it("has a line for each direct assignment that stays, with id, SKU, wave, reason and remedy, and no names", () => {
    const document = smallDocument();
    const rows = rowsOf(document);
    assert.equal(rows.length, document.blocked.assignments.length);
    assert.ok(rows.length > 0);
    assert.deepEqual(Object.keys(rows[0] ?? {}), ["id", "sku", "wave", "reason", "remedy"]);
    const [first] = document.blocked.assignments;
    const { sku, words, remedy } = document.blocked.reasons[first?.reason ?? -1] ?? assert.fail();
    const found = rows.find(({ id, sku: named }) => id === first?.userId && named === sku);
    assert.deepEqual([found?.["reason"], found?.["remedy"]], [words, remedy]);
  });

  it("has names where the document has", () => {
    const document = smallDocument({ showNames: true });
    const [row] = rowsOf(document);
    assert.equal(row?.["name"], document.names?.[row?.["id"] ?? ""]);
    assert.ok(row?.["name"]);
  });

  it("opens in Excel with its letters, and no cell of it begins a formula", () => {
    const document = smallDocument({ showNames: true });
    const odd = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "Zoë Müller"];
    const names = Object.fromEntries(
      document.blocked.assignments.map(({ userId }, at) => [userId, odd[at % odd.length] ?? ""]),
    );
    for (const name of odd) {
      const [first] = document.blocked.assignments;
      const text = blockedCsv({ ...document, names: { ...names, [first?.userId ?? ""]: name } });
      assert.ok(text.startsWith("\ufeffid,name,sku"));
      const cells = parse(text, { bom: true }).flat();
      assert.deepEqual(
        cells.filter((cell) => /^[=+\-@\t\r]/.test(cell)),
        [],
      );
      assert.ok(cells.some((cell) => cell.includes(name)));
    }
  });
});
