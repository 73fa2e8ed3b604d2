import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { refusedDocument } from "../../licensing/plan-document/refused";
import { MOST_CHARACTERS } from "../../cli/render/markdown/fitting";
import { planMarkdown } from "../../cli/render/plan-markdown";
import { bigDocument, documentFrom, NOW_MS, smallDocument, swapInput } from "./documents";
import { structure, wildNames } from "./markdown-structure";

describe("the plan as Markdown", function () {
  this.timeout(120_000);

  it("says at its top what happens, whether it is safe, and what is left for a person", () => {
    const [title, , verdict] = planMarkdown(smallDocument()).split("\n");
    assert.equal(title, "## Licensing plan for contoso");
    assert.equal(
      verdict,
      "⚠️ **Needs a look:** this run assigns licences to 1 group and removes 2 direct assignments from 1 user. " +
        "No user loses a service. 9 direct assignments wait for their waves. " +
        "Needs attention: 2 users are blocked and keep everything, 1 warning.",
    );
  });

  it("has a row for each wave, group and SKU, with what changes", () => {
    const lines = planMarkdown(smallDocument()).split("\n");
    const has = (start: string) =>
      assert.ok(
        lines.some((line) => line.startsWith(start)),
        `${start}\n${lines.join("\n")}`,
      );
    has(
      "| **`canary`** | 2 users, chosen once | **in this run** | 1 | removes 1 EMS, 1 ENTERPRISEPACK | 1 | 24 hours |",
    );
    has("| `everyone` | all remaining users | not now: licensing:applyThrough is canary |");
    has("| `All users` | EMS | nothing: it gives that already | 9 | 0 |");
    has("| `Finance` | ENTERPRISEPACK | assigns it to the group | 3 | 0 |");
    has("| `EMS` Enterprise Mobility + Security E3 | 0 | 8 → **7** | 0 → **1** | 2 | Enabled | 100 |");
  });

  it("says how many move with everything, in part and not at all", () => {
    const small = smallDocument();
    assert.match(planMarkdown(small), /^8 users move with everything, 0 in part, 2 not at all\.$/m);
    const { moves } = small.blocked;
    assert.deepEqual(moves, { whole: 8, inPart: 0, notAtAll: 2 });
  });

  it("names replaced SKUs, the swaps of a wave, and what a rollback takes back", () => {
    const document = documentFrom(swapInput());
    const text = planMarkdown(document);
    assert.match(text, /\| `Staff` \| ENTERPRISEPACK, which replaces STANDARDPACK \|/);
    assert.match(text, /\| removes 2 STANDARDPACK \|/);
    assert.match(text, /^Kept as a successor: 2 users SHAREPOINTENTERPRISE in place of SHAREPOINTSTANDARD\.$/m);
    assert.match(
      text,
      /^Swapped in one call, with a free seat for each: 2 users STANDARDPACK for a direct ENTERPRISEPACK\. They move/m,
    );
    const back = document.waves.map((each) => ({ ...each, swaps: {}, takesBack: { ENTERPRISEPACK: 2 } }));
    assert.match(
      planMarkdown({ ...document, waves: back }),
      /^Taken back in the calls that put back, because swaps had added it: 2 ENTERPRISEPACK\.$/m,
    );
    assert.doesNotMatch(planMarkdown(smallDocument()), /Swapped|Taken back/);
  });

  it("names the blocked by reason, with the remedy", () => {
    const text = planMarkdown(smallDocument());
    assert.match(text, /\| 1 \| `EMS` \| not a member of All users \| Add them to the group as first-level members/);
    assert.match(text, /\| 1 \| `EMS` \| inherited from All users in error: CountViolation \| There is no seat left/);
  });

  it("names people only where the stack file allows it", () => {
    assert.doesNotMatch(planMarkdown(smallDocument()), /person\d/);
    assert.match(planMarkdown(smallDocument({ showNames: true })), /`[0-9a-f-]{36} \(person0, person0@contoso\.com\)`/);
  });

  it("says a refusal in full, line by line", () => {
    const message = "The stack file cannot be used. Mend these:\n  licensing:waves[0].count must be a whole number";
    const text = planMarkdown(refusedDocument({ stack: "contoso", tenant: null, message, nowMs: NOW_MS }));
    assert.match(text, /^⛔ \*\*Stops:\*\* 1 refusal;/m);
    assert.match(
      text,
      /^> The stack file cannot be used\. Mend these: {2}\n> licensing:waves\\\[0\\\]\.count must be/m,
    );
  });

  it("stays within a comment for 100,000 users, and counts what it leaves out", () => {
    const text = planMarkdown(bigDocument({ users: 100_000, blocked: 5_000 }));
    assert.ok(text.length < MOST_CHARACTERS, `${text.length} characters`);
    assert.match(text, /… and 2,4\d\d more in `plan\.json`\./);
    assert.match(text, /\*\*Needs a look:\*\*/);
  });

  it("stays within a comment with any texts", () => {
    const nasty = fc.constantFrom("@a", "&", "|", "_", "://", "`", "\n", "#1", "x".repeat(5_000));
    const texts = fc.array(nasty, { minLength: 300, maxLength: 300 }).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(texts, (text) => {
        assert.ok(planMarkdown(everywhere(bigDocument({ users: 300, blocked: 300 }), text)).length < MOST_CHARACTERS);
      }),
      { numRuns: 5 },
    );
  });

  it("shows any name as it is: no name breaks a table, draws a link, an image or a tag, or mentions anybody", () => {
    const plain = structure(planMarkdown(everywhere(smallDocument({ showNames: true }), "name")));
    fc.assert(
      fc.property(wildNames, (name) => {
        const text = planMarkdown(everywhere(smallDocument({ showNames: true }), name));
        assert.deepEqual(structure(text), plain, text);
      }),
      { numRuns: 40 },
    );
  });
});

/** The same plan with this text wherever a tenant or a person may choose one. */
function everywhere(plan: PlanDocument, text: string): PlanDocument {
  const ids = plan.blocked.assignments.map(({ userId }) => userId);
  return {
    ...plan,
    stack: text,
    tenant: text,
    refusals: [{ about: text, message: text.replaceAll("\n", " ") }],
    groups: plan.groups.map((group) => ({ ...group, displayName: text })),
    waves: plan.waves.map((wave) => ({ ...wave, takes: text })),
    skus: plan.skus.map((sku) => ({ ...sku, product: text })),
    blocked: {
      ...plan.blocked,
      reasons: plan.blocked.reasons.map((reason) => ({ ...reason, words: text, remedy: text })),
    },
    findings: [{ code: "seats", severity: "warning", about: text, count: 1, message: text, remedy: text, userIds: [] }],
    drift: { returned: [{ userId: ids[0] ?? "", sku: text, at: null, actor: text, doubt: "cut" }], auditGap: text },
    addedPlans: [{ group: text, sku: text, plan: text, members: 1 }],
    undeclared: [{ group: text, licence: text, members: 1 }],
    warnings: [text],
    names: Object.fromEntries(ids.map((id) => [id, text])),
  };
}
