import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Browser, Page } from "puppeteer-core";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { jsonInScript, markup } from "../../cli/render/page/html";
import { planPage } from "../../cli/render/plan-page";
import { openBrowser } from "./browser";
import { bigDocument, smallDocument } from "./documents";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

describe("texts in a page", function () {
  this.timeout(120_000);

  it("are shown as they are, with any content", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = markup`${text}`.toString();
        assert.doesNotMatch(escaped, /[<>"']/);
        const shown = escaped.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => SIGNS[name] ?? "");
        assert.equal(shown, text);
      }),
    );
  });

  it("and data in a script element can't end it", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom("</script>", "<!--", "\u2028"), fc.string())), (texts) => {
        const data = jsonInScript(texts).toString();
        assert.doesNotMatch(data, /[<\u2028\u2029]/);
        assert.deepEqual(JSON.parse(data), texts);
      }),
    );
  });
});

interface Label extends Readonly<Record<"left" | "right" | "top" | "bottom", number>> {
  readonly text: string;
  readonly size: number;
}

/** In the browser: the texts of the time line, with their places on the screen. */
const LABELS = `[...document.querySelectorAll("section[aria-labelledby=waves-title] svg text")].map((each) => {
  const { left, right, top, bottom } = each.getBoundingClientRect();
  return { text: each.textContent, left, right, top, bottom, size: parseFloat(getComputedStyle(each).fontSize) };
})`;

const LONG_GROUP = "G".repeat(250);

/** Six waves one after the other, and groups, all with names as long as they may be. */
function longNames(days: number): PlanDocument {
  const small = smallDocument();
  const soakMs = days * 24 * 3_600_000;
  const [first] = small.waves;
  assert.ok(first !== undefined);
  const longGroup = (text: string) => text.replace("All users", LONG_GROUP);
  return {
    ...small,
    waves: Array.from({ length: 6 }, (_, at) => ({
      ...first,
      name: `wave-${at}-`.padEnd(40, "x"),
      startsAt: new Date(Date.parse(small.plannedAt) + at * soakMs).toISOString(),
      soakMs,
      plannedUsers: 123_456,
    })),
    groups: small.groups.map((group) => ({ ...group, displayName: LONG_GROUP })),
    findings: small.findings.map((finding) => ({ ...finding, message: longGroup(finding.message) })),
    blocked: {
      ...small.blocked,
      reasons: small.blocked.reasons.map((reason) => ({ ...reason, words: longGroup(reason.words) })),
    },
  };
}

const SIGNS: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };

describe("the plan in a browser", function () {
  this.timeout(120_000);

  const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-page-"));
  let browser: Browser | undefined;
  before(async function () {
    browser = await openBrowser(this);
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a plan from disk; complaints of the browser and its requests to the network are kept. */
  async function open(plan: PlanDocument, theme: "light" | "dark" = "light") {
    const file = join(folder, "plan.html");
    writeFileSync(file, planPage(plan));
    assert(browser);
    const page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    return { page, complaints };
  }

  const textsOf = (page: Page, selector: string) =>
    page.evaluate(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.textContent)`,
    ) as Promise<string[]>;
  const countShown = async (page: Page) => (await textsOf(page, "#blocked-count"))[0];
  const rowsShown = async (page: Page) => (await textsOf(page, "#blocked-rows tr")).length;

  it("shows the right numbers, without a complaint or a request", async () => {
    const { page, complaints } = await open(smallDocument());
    assert.match((await textsOf(page, ".verdict"))[0] ?? "", /^\s*Needs a look: this run assigns licences to 1 group/);
    const rows = await textsOf(page, "section[aria-labelledby=skus-title] tbody tr");
    assert.equal(rows[0], "EMS Enterprise Mobility + Security E3208 → 70 → 1Enabled100100");
    assert.deepEqual(await textsOf(page, "section[aria-labelledby=waves-title] tbody th"), ["canary", "everyone"]);
    const bars = await textsOf(page, "section[aria-labelledby=skus-title] svg text");
    assert.ok(
      ["8", "7", "2"].every((count) => bars.includes(count)),
      bars.join(),
    );
    assert.equal(await countShown(page), "2 of 2 rows, showing 1 to 2");
    assert.deepEqual(complaints, []);
    await page.close();
  });

  for (const theme of ["light", "dark"] as const) {
    it(`has no serious accessibility fault in the ${theme} theme`, async () => {
      const { page } = await open(smallDocument(), theme);
      await page.evaluate(axe);
      const { violations } = (await page.evaluate("axe.run()")) as {
        violations: { id: string; impact: string; nodes: { html: string }[] }[];
      };
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(
        serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`),
        [],
      );
      await page.close();
    });
  }

  it("opens with 5,000 blocked users, filters, sorts and turns pages, all by keyboard", async () => {
    const { page, complaints } = await open(bigDocument({ users: 100_000, blocked: 5_000 }));
    assert.equal(await rowsShown(page), 100);

    await page.focus("#blocked-filter");
    await page.keyboard.type("COUNTviolation 0004998");
    assert.equal(await countShown(page), "1 of 5,000 rows, showing 1 to 1");
    await page.keyboard.press("Escape");
    assert.equal(await countShown(page), "5,000 of 5,000 rows, showing 1 to 100");

    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    const sorted = "#blocked th[aria-sort=descending]";
    assert.deepEqual(await textsOf(page, sorted), ["User"]);
    assert.match((await textsOf(page, "#blocked-rows td"))[0] ?? "", /4999$/);

    await page.focus("#blocked-next");
    await page.keyboard.press("Enter");
    assert.equal(await countShown(page), "5,000 of 5,000 rows, showing 101 to 200");
    assert.deepEqual(complaints, []);
    await page.close();
  });

  const spansOfDays = [0.2, 1, 3, 12, 70];
  for (const days of spansOfDays) {
    it(`at 1280 pixels no label of a time line with soaks of ${days} days touches another, in the size that it has elsewhere`, async () => {
      const { page } = await open(longNames(days));
      await page.setViewport({ width: 1280, height: 900 });
      const labels = (await page.evaluate(LABELS)) as readonly Label[];
      assert.ok(labels.length > 12);
      for (const [at, one] of labels.entries()) {
        for (const other of labels.slice(at + 1)) {
          const isApart =
            one.right + 8 <= other.left ||
            other.right + 8 <= one.left ||
            one.bottom <= other.top ||
            other.bottom <= one.top;
          assert.ok(isApart, `"${one.text}" touches "${other.text}"`);
        }
        assert.ok(one.size <= 13, `"${one.text}" has ${one.size} pixels`);
        assert.ok(one.left >= 0 && one.right <= 1280, `"${one.text}" is cut`);
      }
      await page.close();
    });
  }

  it("at 1280 pixels names of groups of 250 characters and the reason of a blocked user are on the screen", async () => {
    const { page } = await open(longNames(1));
    await page.setViewport({ width: 1280, height: 900 });
    const hidden = await page.evaluate(
      "[...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.ariaLabel)",
    );
    assert.deepEqual(hidden, []);
    const reasons = (await page.evaluate(
      "[...document.querySelectorAll('#blocked-rows td:last-child')].map((each) => [each.textContent, each.getBoundingClientRect().right])",
    )) as readonly (readonly [string, number])[];
    assert.ok(reasons.some(([text]) => text.includes(LONG_GROUP)));
    for (const [text, right] of reasons) assert.ok(right <= 1280, text);
    await page.close();
  });

  it("names a user as the commands do: the id, then the name", async () => {
    const { page } = await open(smallDocument({ showNames: true }));
    assert.match(
      (await textsOf(page, "#blocked-rows td"))[0] ?? "",
      /^[0-9a-f-]{36} \(person\d, person\d@contoso\.com\)$/,
    );
    await page.close();
  });

  it("shows hostile names as they are", async () => {
    const small = smallDocument();
    const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&amp;`;
    const names = Object.fromEntries(small.blocked.assignments.map(({ userId }) => [userId, hostile]));
    const groups = small.groups.map((group) => ({ ...group, displayName: hostile }));
    const { page, complaints } = await open({ ...small, stack: hostile, groups, names, warnings: [hostile] });
    assert.deepEqual(await textsOf(page, "h1"), [`Licensing plan for ${hostile}`]);
    assert.ok((await textsOf(page, "#blocked-rows td"))[0]?.endsWith(`(${hostile})`));
    assert.deepEqual(await textsOf(page, "img"), []);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it("prints on white in every theme, without its controls", async () => {
    const { page } = await open(smallDocument(), "dark");
    await page.emulateMediaType("print");
    const shown = await page.evaluate(
      "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.controls')).display]",
    );
    assert.deepEqual(shown, ["rgb(255, 255, 255)", "none"]);
    await page.close();
  });
});
