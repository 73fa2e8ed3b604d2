import assert from "node:assert/strict";
import { describe, it } from "mocha";
import stringWidth from "string-width";
import { planPage } from "../../cli/render/plan-page";
import { planMarkdown } from "../../cli/render/plan-markdown";
import { planText } from "../../cli/render/terminal/plan-text";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { declared, inherited, percent, snapshot, user, wave } from "../licensing/builders";
import { documentOf } from "./documents";

/** Five members go from EMS to EMSPREMIUM in two waves; one of them lacks a usage location. */
function document(): PlanDocument {
  const [from, to] = [declared("Old staff", "EMS"), declared("New staff", "EMSPREMIUM")];
  const names = ["ada", "ben", "cleo", "dan", "eve"];
  const users = names.map((name) =>
    user(name, [inherited("EMS", "Old staff")], name === "eve" ? { usageLocation: null } : {}),
  );
  const parts = { declared: [from, to], users, members: { "Old staff": names } };
  return documentOf(parts, {
    waves: [wave("canary", { kind: "count", count: 2 }), wave("everyone", percent(100))],
    applyThrough: "canary",
    moves: [{ from, to, acceptOtherUses: [] }],
    snapshot: snapshot(parts),
  });
}

describe("a plan with moves from group to group", () => {
  it("has a table in plan.md: the wave, the way, the users, the peak of seats, and who stays", () => {
    const lines = planMarkdown(document()).split("\n");
    const at = lines.findIndex((line) => line.startsWith("| Wave | Move |"));
    assert.deepEqual(
      lines.slice(at, at + 4).filter((line) => !line.startsWith("| :--")),
      [
        "| Wave | Move | Users | Peak of seats | Stay in the old group |",
        "| `canary` | Old staff → New staff | 2 | 2 of 100 free seats of EMSPREMIUM |  |",
        "| `everyone` | Old staff → New staff | 2 | 2 of 98 free seats of EMSPREMIUM | 1: the user has no usage location, so nothing could " +
          "be assigned directly if a plan were missing: set it, or accept that with licensing:acceptNoWayBack |",
      ],
    );
  });

  it("has the same beside each wave in a terminal of 80 columns", () => {
    const lines = planText(document(), 80).split("\n");
    assert.deepEqual(
      lines.filter((line) => stringWidth(line) > 80),
      [],
    );
    const at = lines.indexOf("Waves, in order");
    assert.deepEqual(lines.slice(at + 1, lines.indexOf("", at)), [
      "  canary    in this run; moves 2 users Old staff → New staff, takes 2 of 100",
      "            free seats of EMSPREMIUM",
      "  everyone  not now: licensing:applyThrough is canary; moves 2 users Old staff →",
      "            New staff, takes 2 of 98 free seats of EMSPREMIUM, the old group",
      "            keeps 1: the user has no usage location, so nothing could be",
      "            assigned directly if a plan were missing: set it, or accept that",
      "            with licensing:acceptNoWayBack",
    ]);
  });

  it("has the same on the page", () => {
    assert.match(planPage(document()), /Old staff → New staff/);
  });
});
