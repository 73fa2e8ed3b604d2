import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { countByName } from "../../licensing/counts";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { realTenant } from "../real-tenant/tenant";
import { azureadPlugin } from "./azuread/plugin";
import { discovered } from "./discovered";
import { journeyOf } from "./journey";
import { planFiles } from "./plan-files";
import { rehearsed } from "./rehearsed";

const projectRoot = join(__dirname, "..", "..");

/** Of 3,020 users: every pattern has some. */
const SHARE = 0.1;

/** Without the soaks that discover proposes: a day of a journey has no night. */
const WAVES = [
  { name: "canary", count: 20 },
  { name: "everyone", percent: 100 },
];

describe("journey: the file that discover writes for a tenant of real products goes through without a hand edit", function () {
  this.timeout(400_000);

  const processing = { queueMs: 10, usersPerSecond: 100_000, joinMs: 10, leaveMs: 10, ruleMs: 50 };
  const journey = journeyOf(
    () => ({ tenant: realTenant(SHARE), processing }),
    {},
    async (each) => {
      const plugin = await azureadPlugin(each);
      const first = join(projectRoot, "dev", "bench", "engine", "without-quota.cjs");
      return { ...plugin, environment: { ...plugin.environment, NODE_OPTIONS: `--require ${JSON.stringify(first)}` } };
    },
  );
  let proposed: Readonly<Record<string, unknown>>;
  let directAtFirst: ReadonlySet<string>;
  /** What the plan says when the groups give their licences. */
  let foretold: PlanDocument["blocked"]["moves"];
  let removedInRehearsal: Readonly<Record<string, number>>;

  const direct = () =>
    new Set(
      journey.emulator.tenant
        .users()
        .flatMap(({ id, holdings }) =>
          holdings.assignments.flatMap(({ skuId, assignedByGroup }) =>
            assignedByGroup === null ? [`${id} ${skuId}`] : [],
          ),
        ),
    );
  const moved = () => {
    const now = direct();
    return [...directAtFirst].filter((each) => !now.has(each)).map((each) => each.split(" ") as [string, string]);
  };

  it("doctor finds nothing that would stop it", async () => {
    proposed = await discovered(journey);
    directAtFirst = direct();
    const { folder, environment } = journey.stack;
    writeFileSync(join(folder, "Pulumi.contoso.yaml"), stringify({ config: proposed }));
    const command = ["dev/run.cjs", "cli/main.ts", "doctor", "--stack", "contoso", "--folder", folder];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: projectRoot, env: environment });
    assert.match(stdout, /^ok +groups: all are there$/m);
    assert.match(stdout, /^Ready\.$/m);
    assert.doesNotMatch(stdout, /^FAIL/m);
  });

  it("the plan has one warning, of the subscription in grace, and says in each place how many users move", async () => {
    journey.edit({ ...proposed, "licensing:waves": WAVES });
    const { code, said, document, markdown, page } = await planFiles(journey, "before");
    assert.equal(code, 0, said);
    assert.deepEqual(
      document.findings.filter(({ severity }) => severity !== "note").map(({ about }) => about),
      ["engineering PROJECTPROFESSIONAL"],
    );
    const { whole, inPart, notAtAll } = document.blocked.moves;
    const sentence = `${whole} users move with everything, ${inPart} in part, ${notAtAll} not at all`;
    for (const text of [markdown, page]) assert.ok(text.includes(sentence), sentence);
    assert.match(said, new RegExp(`${inPart} users move in part, ${notAtAll} users are blocked and keep everything`));
  });

  it("the rehearsal removes what can be removed, and no user loses a service", async () => {
    const rehearsal = await rehearsed(journey, { ...proposed, "licensing:waves": WAVES }, "--no-rollback");
    assert.deepEqual([rehearsal?.verdict.word, rehearsal?.lost], ["needs-a-look", []]);
    const bySku = new Map<string, number>();
    for (const { removed } of rehearsal?.waves ?? []) {
      for (const [sku, count] of Object.entries(removed)) bySku.set(sku, (bySku.get(sku) ?? 0) + count);
    }
    removedInRehearsal = Object.fromEntries([...bySku].sort());
    assert.equal(journey.emulator.requests.writes().length, 0);
  });

  it("up makes the groups, and takes nothing away", async () => {
    await journey.up();
    assert.deepEqual(direct(), directAtFirst);
    const { document } = await planFiles(journey, "groups");
    assert.equal(document.predicted, false);
    foretold = document.blocked.moves;
  });

  it("up through all waves moves the users that the plan and the rehearsal said, and the rest keeps everything", async () => {
    journey.edit({ "licensing:applyThrough": "everyone" });
    await journey.up();
    assert.deepEqual(journey.emulator.history.losses(), []);
    const { tenant } = journey.emulator;
    const removed = countByName(moved().map(([, skuId]) => tenant.sku(skuId).skuPartNumber));
    assert.deepEqual(Object.fromEntries(Object.entries(removed).sort()), removedInRehearsal);
    assert.equal(new Set(moved().map(([userId]) => userId)).size, foretold.whole + foretold.inPart);
    await journey.nightlyCheck();
  });
});
