import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "puppeteer-core";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { planMarkdown } from "../../cli/render/plan-markdown";
import { openBrowser } from "./browser";
import { smallDocument } from "./documents";

const mermaid = readFileSync(require.resolve("@mermaid-js/tiny"), "utf8");

describe("the picture in a comment, drawn by Mermaid as GitHub draws it", function () {
  this.timeout(120_000);
  let browser: Browser | undefined;
  let page: Page;
  const complaints: string[] = [];

  before(async function () {
    browser = await openBrowser(this);
    page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    await page.setContent("<main></main>");
    await page.addScriptTag({ content: mermaid });
    await page.evaluate("mermaid.initialize({ startOnLoad: false })");
  });

  after(() => browser?.close());

  /** What stands in the boxes and on the lines. */
  async function drawn(plan: PlanDocument): Promise<{ readonly boxes: readonly string[]; readonly lines: number }> {
    const [, text] = /```mermaid\n([^]*?)\n```/.exec(planMarkdown(plan)) ?? [];
    assert(text !== undefined, "there is a picture");
    const found = await page.evaluate(`(async () => {
      const { svg } = await mermaid.render("picture", ${JSON.stringify(text)});
      document.querySelector("main").innerHTML = svg;
      const lines = (each) => each.innerHTML.split(/<br ?\\/?>/).map((line) => {
        const part = document.createElement("p");
        part.innerHTML = line;
        return part.textContent;
      }).join(" / ");
      return {
        boxes: [...document.querySelectorAll("main .node .nodeLabel p")].map(lines),
        lines: document.querySelectorAll("main .edgePaths path").length,
      };
    })()`);
    return found as { boxes: string[]; lines: number };
  }

  it("has the groups, the SKUs and the waves, each with its numbers, and a line for each that touch", async () => {
    const { boxes, lines } = await drawn(smallDocument());
    assert.deepEqual(
      [...boxes].sort(),
      [
        "All users / 9 members",
        "EMS / 10 direct now",
        "ENTERPRISEPACK / 3 direct now",
        "Finance / 3 members",
        "canary: in this run / 1 user, removes / 1 EMS / 1 ENTERPRISEPACK",
        "everyone: later / 7 users, removes / 7 EMS / 2 ENTERPRISEPACK",
      ].sort(),
    );
    assert.equal(lines, 6);
    assert.deepEqual(complaints, []);
  });

  it("shows any name as it is, and runs none", async () => {
    const small = smallDocument();
    const hostile = [
      `"]; click g0 "https://x.y"`,
      "end",
      "<img src=x onerror=alert(1)>",
      "%% a comment",
      "```",
      "a#b;c&amp;d",
      "::: style fill:red",
      "Grüße 🦊 `*_~`",
    ];
    const groups = hostile.map((displayName, index) => ({
      ...(small.groups[0] ?? assert.fail()),
      name: `g${index}`,
      displayName,
    }));
    const { boxes } = await drawn({ ...small, groups });
    for (const name of hostile) assert.ok(boxes.includes(`${name} / 9 members`), `${name}\n${boxes.join("\n")}`);
    assert.equal(await page.$("main img, main a"), null);
    assert.deepEqual(complaints, []);
  });

  it("is drawn of a plan with more groups, SKUs and waves than it has room for", async () => {
    const small = smallDocument();
    const many = <T extends { readonly name: string }>(all: readonly T[]) =>
      Array.from({ length: 12 }, (_, index) => ({ ...(all[0] ?? assert.fail()), name: `n${index}` }));
    const planned = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`n${index}`, index + 1]));
    const waves = many(small.waves).map((wave) => ({ ...wave, planned }));
    const { boxes } = await drawn({ ...small, groups: many(small.groups), skus: many(small.skus), waves });
    for (const more of ["… and 4 more groups", "… and 4 more SKUs", "… and 4 more waves"]) {
      assert.ok(boxes.includes(more), boxes.join("\n"));
    }
    assert.ok(boxes.includes("n0: in this run / 1 user, removes / 1 n0 / 2 n1 / 3 n2 / 4 n3 / and 8 more SKUs"));
  });
});
