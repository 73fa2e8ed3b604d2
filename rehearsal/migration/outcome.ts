import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addCounts, type CountsByName } from "../../licensing/counts";
import { grouped } from "../../licensing/grouped";
import { planDocumentSchema, type PlanDocument } from "../../licensing/plan-document/schema";
import type { RehearsedMove, Stays } from "./result";
import type { Stage } from "./stage";

/** What a migration has come to: what it left, and what a rollback did not restore. */

/** Runs a preview after the last wave, like the nightly check, and reads the remaining direct licences, their reasons and remedies. */
export async function whatIsLeft({ stack, run }: Stage): Promise<{
  readonly stays: readonly Stays[];
  readonly groupMoves: readonly RehearsedMove[];
  readonly held: string | null;
}> {
  const file = join(stack.folder, "plan.json");
  await run(["preview"], { LICENSING_PLAN_FILE: file });
  if (!existsSync(file)) return { stays: [], groupMoves: [], held: null };
  const { blocked, waves } = planDocumentSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const waiting = waves.find(
    ({ hold, plannedUsers, moves }) => hold !== null && (plannedUsers > 0 || moves.some(({ users }) => users > 0)),
  );
  return {
    stays: blocked.reasons.map(({ sku, words, remedy, users }) => ({ sku, words, remedy, users })),
    groupMoves: movesOf(waves.flatMap(({ moves }) => moves)),
    held: waiting === undefined ? null : `wave ${waiting.name}, ${waiting.hold ?? ""}`,
  };
}

/** The parts of all waves together, move by move. */
function movesOf(parts: PlanDocument["waves"][number]["moves"]): readonly RehearsedMove[] {
  return [...grouped(parts, ({ from, to }) => `${from} ${to}`).values()].flatMap((mine) => {
    const [first] = mine;
    if (first === undefined) return [];
    return [
      {
        from: first.from,
        to: first.to,
        moved: mine.reduce((sum, { movedBefore }) => sum + movedBefore, 0),
        pending: mine.reduce((sum, { users }) => sum + users, 0),
        stay: addCounts(mine.flatMap(({ stay }) => stay.map(({ words, users }) => ({ [words]: users })))),
      },
    ];
  });
}

interface Exported {
  readonly deployment: {
    readonly resources: readonly {
      readonly type: string;
      readonly outputs?: { readonly notRestored?: CountsByName };
    }[];
  };
}

/** Number of users without a restored direct licence, by reason, from the state after the rollback. */
export async function whyNotRestored({ stack }: Stage): Promise<CountsByName> {
  const run = await stack.run(["stack", "export", "--stack", stack.name]);
  if (run.code !== 0) throw new Error(run.stderr);
  const { deployment } = JSON.parse(run.stdout) as Exported;
  return addCounts(
    deployment.resources
      .filter(({ type }) => type.endsWith(":DirectLicenseRemoval"))
      .map(({ outputs }) => outputs?.notRestored ?? {}),
  );
}
