import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { withRefusal } from "../../../licensing/plan-document/refused";
import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { percent } from "../../licensing/builders";
import { bare, declared, direct, inherited, settled, user, wave } from "../../licensing/builders";
import { planMarkdown } from "../../../cli/render/plan-markdown";
import { NEVER_PRESSED, type CtrlC } from "../../../cli/ctrl-c";
import { applyInTurn, lookAtAll } from "../../../cli/tenants/all";
import type { Surroundings } from "../../../cli/tenants/look-at";
import { inOrder, resultsIn, summaryOf, writeReport } from "../../../cli/tenants/report";
import { reportTable } from "../../../cli/tenants/report-table";
import { fail, pass, warn } from "../../../cli/doctor/check";
import { needsPerson, type Look, type TenantResult } from "../../../cli/tenants/result";
import type { ToolRun } from "../../../cli/tenants/run-tool";
import { stacksIn } from "../../../cli/tenants/stacks";
import { documentOf, smallDocument } from "../../report/documents";

const FIFTY = Array.from({ length: 50 }, (_, at) => `tenant-${String(at).padStart(2, "0")}`);

const staff = declared("Staff", "EMS");
const people = ["ada", "ben"];
const inherits = people.map((name) => user(name, [inherited("EMS", "Staff")]));
const waves = [wave("canary", { kind: "count", count: 1 }), wave("everyone", percent(100))];
const tenant = (users: typeof inherits, applyThrough = "everyone") =>
  documentOf(
    { declared: [staff], groups: [settled(staff)], users, members: { Staff: people } },
    { waves, applyThrough },
  );

const nothingToDo = tenant(inherits);
const canGoOn = tenant(people.map((name) => user(name, [direct("EMS"), inherited("EMS", "Staff")])));
const needsALook = smallDocument();
const refused = withRefusal(
  nothingToDo,
  "Sign-in failed: AADSTS7000215: Invalid client secret provided.\nCheck the secret.",
);
const onlyBlocked = tenant(people.map((name) => user(name, [direct("EMS")])));
const notBegun = documentOf({ declared: [staff], groups: [bare(staff)], users: inherits, members: {} });

describe("entra-licensing tenants: fifty of them", () => {
  let folder: string;
  let out: string;
  let running: number;
  let most: number;
  let begun: string[];
  let pressed: CtrlC;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fifty-"));
    out = join(folder, "out");
    for (const name of FIFTY) {
      writeFileSync(join(folder, `Pulumi.${name}.yaml`), `config: { licensing:tenant: ${name}.example }\n`);
    }
    [running, most, begun] = [0, 0, []];
    pressed = NEVER_PRESSED;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** In place of the engine: leaves behind what a run of it would. */
  const surroundings = (
    runs: (stack: string, words: readonly string[]) => Partial<ToolRun> & { plan?: PlanDocument },
  ): Surroundings => ({
    out,
    limitMs: 60_000,
    names: false,
    ctrlC: pressed,
    environmentOf: ({ name }) => {
      if (name === "tenant-04") throw new Error("/secrets has neither tenant-04.env nor all.env");
      return {};
    },
    run: async (words) => {
      const stack = words[words.indexOf("--stack") + 1] ?? "";
      begun.push(stack);
      most = Math.max(most, (running += 1));
      await after(begun.length % 7);
      running -= 1;
      const { plan, ...run } = runs(stack, words);
      if (plan !== undefined) writePlan(stack, plan);
      return { code: 0, said: "", isLate: false, ...run };
    },
  });

  function writePlan(stack: string, plan: PlanDocument): void {
    const mine = join(out, stack);
    mkdirSync(mine, { recursive: true });
    writeFileSync(join(mine, "plan.json"), JSON.stringify({ ...plan, stack }));
    writeFileSync(join(mine, "plan.md"), planMarkdown(plan));
  }

  /** Most are well; some are not, each in a way of its own. */
  const mixed = (stack: string): Partial<ToolRun> & { plan?: PlanDocument } => {
    switch (stack) {
      case "tenant-07":
        return { code: 255, plan: refused };
      case "tenant-08":
        return { code: 0, plan: needsALook };
      case "tenant-09":
        return { code: 0, plan: canGoOn };
      case "tenant-10":
        return { code: 1, said: "error: could not reach the backend: azblob://…\n" };
      case "tenant-11":
        throw new Error("spawn ENOMEM");
      case "tenant-12":
        return { code: null, isLate: true, plan: nothingToDo };
      default:
        return { plan: nothingToDo };
    }
  };

  const lookAt = (look: Look, atOnce = 4, runs: Parameters<typeof surroundings>[0] = mixed) =>
    lookAtAll(stacksIn(folder, []), look, atOnce, surroundings(runs), () => undefined);
  const of = (results: readonly TenantResult[], stack: string) => {
    const found = results.find((result) => result.stack === stack);
    assert.ok(found, stack);
    return found;
  };

  it("are all looked at, so many at a time, also when some fail", async () => {
    const results = await lookAt("plan");
    assert.deepEqual(
      results.map(({ stack }) => stack),
      FIFTY,
    );
    assert.equal(most, 4);
    assert.equal(begun.length, 49, "one has no credentials");
    assert.equal(results.filter(({ verdict }) => verdict === "well").length, 43);
    assert.equal(summaryOf(results), "50 tenants: 4 failed, 2 need attention, 1 can go on, 43 well");
  });

  it("show names in the plan of each where that is asked for, and in nothing else", async () => {
    const wordsOf = async (look: Look, names: boolean): Promise<readonly string[]> => {
      let given: readonly string[] = [];
      const around = surroundings((_, words) => {
        given = words;
        return { plan: nothingToDo };
      });
      await lookAtAll(stacksIn(folder, ["tenant-00"]), look, 1, { ...around, names }, () => undefined);
      return given;
    };
    for (const look of ["plan", "drift"] as const) {
      assert.ok((await wordsOf(look, true)).includes("--names"), look);
      assert.ok(!(await wordsOf(look, false)).includes("--names"), look);
    }
    assert.ok(!(await wordsOf("doctor", true)).includes("--names"));
  });

  it("have each what is wrong with it, and what to do", async () => {
    const results = await lookAt("plan");
    const words = (stack: string) => {
      const { verdict, troubles } = of(results, stack);
      return [verdict, ...troubles.slice(0, 1).flatMap(({ what, remedy }) => [what, remedy])];
    };
    assert.deepEqual(words("tenant-04"), ["failed", "/secrets has neither tenant-04.env nor all.env", ""]);
    assert.deepEqual(words("tenant-07").slice(0, 2), ["stops", refused.refusals[0]?.message]);
    assert.equal(words("tenant-08")[0], "person");
    assert.match(words("tenant-08")[1] ?? "", /1 user is blocked \(EMS\): /);
    assert.notEqual(words("tenant-08")[2], "");
    assert.deepEqual(words("tenant-10").slice(0, 2), ["failed", "could not reach the backend: azblob://…"]);
    assert.match(words("tenant-10")[2] ?? "", /plan\.log$/);
    assert.deepEqual(words("tenant-11"), ["failed", "spawn ENOMEM", ""]);
    assert.match(words("tenant-12").join(), /^failed,It was not done after 60 seconds/);
  });

  it("say where each migration stands, and what the next up would do", async () => {
    const results = await lookAt("plan", 8, (stack) => ({
      plan: stack === "tenant-00" ? nothingToDo : stack === "tenant-01" ? notBegun : canGoOn,
    }));
    assert.equal(of(results, "tenant-00").state, "nothing to move");
    assert.equal(of(results, "tenant-01").state, "groups and verification, no waves");
    assert.equal(of(results, "tenant-02").state, "0 of 2 waves done; 0 of 2 direct assignments moved");
    assert.match(of(results, "tenant-02").next, /^this run removes 2 direct assignments from 2 users\./);
  });

  it("need a person where a night finds work to do, which is no fault in a plan", async () => {
    const drifted = await lookAt("drift", 8, (stack) => ({
      code: stack === "tenant-09" ? 255 : 0,
      plan: mixedPlan(stack),
    }));
    assert.deepEqual(
      drifted.filter(needsPerson).map(({ stack }) => stack),
      ["tenant-04", "tenant-09", "tenant-13"],
    );
    const planned = await lookAt("plan", 8, (stack) => ({ plan: mixedPlan(stack) }));
    assert.deepEqual(
      planned.filter(needsPerson).map(({ stack }) => stack),
      ["tenant-04"],
    );

    function mixedPlan(stack: string): PlanDocument {
      return stack === "tenant-13" ? canGoOn : nothingToDo;
    }
  });

  it("need a look where users are blocked, also when the next up would change nothing", async () => {
    const results = await lookAt("plan", 4, () => ({ plan: onlyBlocked }));
    assert.equal(onlyBlocked.verdict.word, "nothing-to-do");
    assert.equal(of(results, "tenant-20").verdict, "person");
  });

  it("of what an earlier look left nothing is taken for this one's", async () => {
    await lookAt("plan");
    const results = await lookAt("plan", 4, () => ({ code: 1, said: "error: no network\n" }));
    assert.equal(summaryOf(results), "50 tenants: 50 failed");
  });

  it("what doctor finds is told by tenant", async () => {
    const checks = [pass("sign-in: as the app"), warn("plugin: azuread is downloaded", "install it")];
    const missing = fail("licences: X is missing", "grant it:", "az ad app");
    const results = await lookAt("doctor", 4, (stack) => ({
      code: 0,
      said: `npm warn\n${JSON.stringify(stack === "tenant-05" ? [...checks, missing] : checks)}\n`,
    }));
    assert.deepEqual(of(results, "tenant-05").troubles[0], {
      what: "licences: X is missing",
      remedy: "grant it:\naz ad app",
    });
    assert.deepEqual(
      results.filter(needsPerson).map(({ stack }) => stack),
      ["tenant-04", "tenant-05"],
    );
  });

  describe("one report over all", () => {
    it("has the worst on top, a row each, and what to do", async () => {
      const results = await lookAt("plan");
      const markdown = writeReport(results, out, Date.UTC(2026, 10, 22, 3));
      assert.equal(readFileSync(join(out, "tenants.md"), "utf8"), markdown);
      const rows = markdown.split("\n").filter((line) => line.startsWith("| `tenant-"));
      assert.equal(rows.length, 50);
      assert.deepEqual(
        rows.slice(0, 7).map((row) => /`(\S+)`/.exec(row)?.[1]),
        ["tenant-04", "tenant-10", "tenant-11", "tenant-12", "tenant-07", "tenant-08", "tenant-09"],
      );
      assert.match(markdown, /^# 50 tenants: 4 failed, 2 need attention, 1 can go on, 43 well\n/);
      assert.match(
        markdown,
        /### `tenant-07`\n\n- Sign-in failed: AADSTS7000215: Invalid client secret provided\.<br>Check the secret\.\n/,
      );
      assert.doesNotMatch(markdown, /### `tenant-09`/, "it can go on by itself");
      const data = JSON.parse(readFileSync(join(out, "tenants.json"), "utf8")) as { tenants: readonly TenantResult[] };
      assert.deepEqual(data.tenants, inOrder(results));
      const table = reportTable(inOrder(results));
      assert.match(table, /tenant-49/);
      assert.match(table, /\ntenant-07:\n {2}Sign-in failed/);
      const lines = table.split("\n").filter((line) => /^[│├┌└]/.test(line));
      assert.deepEqual([...new Set(lines.map((row) => row.length))], [100], "the table fits the terminal");
    });

    it("can't be broken by names of a tenant", () => {
      const wild = "a | b\n<img> @ada `x` \u001b[31m\u202e";
      const result: TenantResult = {
        stack: "contoso",
        tenant: wild,
        look: "plan",
        verdict: "person",
        state: wild,
        next: wild,
        blocked: 1,
        drift: "",
        troubles: [{ what: wild, remedy: wild }],
        seconds: 1,
      };
      const markdown = writeReport([result], out, 0);
      assert.equal(markdown.split("\n").filter((line) => line.startsWith("| `contoso`")).length, 1);
      for (const sign of ["<img>", "@ada", "\u001b", "\u202e"]) assert.ok(!markdown.includes(sign), sign);
      for (const sign of ["\u001b[31m", "\u202e"]) assert.ok(!reportTable([result]).includes(sign));
    });

    it("is put together from the jobs of a matrix, and names one that left nothing", async () => {
      await lookAt("drift", 4, () => ({ plan: nothingToDo }));
      rmSync(join(out, "tenant-17", "result.json"));
      // As an artifact is fetched, in a folder of its own name.
      const results = resultsIn(out, FIFTY);
      assert.equal(results.length, 50);
      assert.match(of(results, "tenant-17").troubles[0]?.what ?? "", /left no result/);
      assert.equal(summaryOf(results), "50 tenants: 2 failed, 48 well");
      assert.deepEqual(summaryOf(resultsIn(join(folder, "nowhere"), ["a"])), "1 tenant: 1 failed");
    });
  });

  describe("apply", () => {
    const apply = (names: readonly string[], runs: Parameters<typeof surroundings>[0]) =>
      applyInTurn(folder, names, surroundings(runs), () => undefined);
    const planned = async () => {
      await lookAt("plan", 8, () => ({ plan: canGoOn }));
      begun.length = 0;
      most = 0;
    };

    it("goes from one to the next, held to the plan that was read, and ends at the first that fails", async () => {
      await planned();
      const words: string[] = [];
      const results = await apply(["tenant-03", "tenant-01", "tenant-02"], (stack, said) => {
        words.push(said.join(" "));
        return stack === "tenant-01" ? { code: 1, said: "Nothing was applied: the tenant is not as it was\n" } : {};
      });
      assert.deepEqual(begun, ["tenant-03", "tenant-01"]);
      assert.equal(most, 1);
      assert.match(words[0] ?? "", /^pipeline apply --stack tenant-03 --config-file \S+ --reviewed \S+tenant-03$/);
      assert.deepEqual(
        results.map(({ stack, verdict, troubles }) => [stack, verdict, troubles[0]?.what]),
        [
          ["tenant-03", "well", undefined],
          ["tenant-01", "failed", "Nothing was applied: the tenant is not as it was"],
          ["tenant-02", "failed", "It was not begun, because tenant-01 failed."],
        ],
      );
    });

    it("after Ctrl-C begins no further one, and says how the one in hand ended", async () => {
      await planned();
      const names = ["tenant-01", "tenant-02", "tenant-03"];
      let isPressed = false;
      pressed = {
        ...NEVER_PRESSED,
        get isPressed() {
          return isPressed;
        },
      };
      const results = await apply(names, (stack) => {
        isPressed = stack === "tenant-02";
        return stack === "tenant-02" ? { code: 255, said: "error: update canceled\n" } : {};
      });
      assert.deepEqual(begun, ["tenant-01", "tenant-02"]);
      assert.deepEqual(
        results.map(({ verdict, troubles }) => [verdict, troubles[0]?.what]),
        [
          ["well", undefined],
          ["failed", "Ctrl-C stopped it: update canceled"],
          ["failed", "It was not begun, because Ctrl-C was pressed before."],
        ],
      );
      assert.match(results[1]?.troubles[0]?.remedy ?? "", /in the state\. Make a new plan and apply that/);
    });

    it("takes names alone, each with a plan that could be read", async () => {
      await planned();
      await assert.rejects(
        apply(["tenant-*"], () => ({})),
        /apply takes no pattern/,
      );
      await assert.rejects(
        apply(["tenant-01", "tenant-99"], () => ({})),
        /has no stack "tenant-99"/,
      );
      assert.deepEqual(begun, [], "nothing was begun");
      rmSync(join(out, "tenant-01", "plan.json"));
      const [result] = await apply(["tenant-01"], () => ({}));
      assert.match(result?.troubles[0]?.what ?? "", /There is no plan of tenant-01 .*make one and read it first/);
      assert.deepEqual(begun, []);
    });
  });

  it("leave nothing in the folder but what is theirs", async () => {
    await lookAt("plan", 8, () => ({ plan: nothingToDo }));
    assert.deepEqual(readdirSync(join(out, "tenant-00")).sort(), ["plan.json", "plan.md", "result.json"]);
  });
});
