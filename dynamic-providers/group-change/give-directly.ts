import type { Catalog } from "../../licensing/catalog/catalog";
import { counted, countByName, addCounts, type CountsByName } from "../../licensing/counts";
import { grouped } from "../../licensing/grouped";
import type { Guid, License, Removal } from "../../licensing/model";
import { BY_ID, usersShown } from "../../licensing/people";
import type { Debt } from "../../licensing/record/debts-on-record";
import type { Timeouts } from "../../licensing/stack-file/stack-file";
import { assignAndSee } from "../removal/assign-and-see";
import { whyNotPutBack } from "../removal/not-put-back";
import { failureIn, untilClear } from "../writing/until-clear";
import type { Row, RowGraphs } from "../writing/waits";

type Owed = Omit<Debt, "at">;

/** Direct assignments in place of what a group no longer gives. */
export class Given {
  constructor(
    /** All users that were tried. */
    readonly userIds: readonly Guid[],
    readonly bySku: CountsByName,
    /** What was assigned. */
    readonly pairs: readonly Removal[],
    readonly owed: readonly Owed[],
    /** One for each outcome, with its users. */
    readonly lines: readonly string[],
  ) {}

  and(more: Given): Given {
    return new Given(
      [...this.userIds, ...more.userIds],
      addCounts([this.bySku, more.bySku]),
      [...this.pairs, ...more.pairs],
      [...this.owed, ...more.owed],
      [...this.lines, ...more.lines],
    );
  }
}

export const NOTHING_GIVEN = new Given([], {}, [], [], []);

type Lacking = ReadonlyMap<Guid, { readonly kind: string; readonly licenses?: readonly License[] }>;

/**
 * Assigns the licences directly to users that lack a plan, with the plans that they had. No stop ends this; what Graph
 * refuses is a debt.
 */
export async function giveDirectly(
  seen: Lacking,
  catalog: Catalog,
  context: Row & RowGraphs & { readonly timeouts: Timeouts },
): Promise<Given> {
  const wanted = new Map(
    [...seen].flatMap(([userId, { kind, licenses = [] }]): [Guid, readonly License[]][] =>
      kind === "lacks" ? [[userId, licenses.map((license) => bare(catalog.asOfToday(license)))]] : [],
    ),
  );
  if (wanted.size === 0) return NOTHING_GIVEN;
  const assign = (userIds: readonly Guid[]) =>
    assignAndSee(
      context.toTheEnd,
      userIds.map((userId) => ({ userId, licenses: wanted.get(userId) ?? [] })),
    );
  const persistence = { canStop: false, patienceMs: context.timeouts.putBackMs };
  const { outcomes } = await untilClear([...wanted.keys()], assign, context, persistence);
  const owed: Owed[] = [];
  const given: Removal[] = [];
  const ends = [...wanted].flatMap(([userId, licenses]): { userId: Guid; end: string }[] => {
    const outcome = outcomes.get(userId);
    const failure = failureIn(outcome);
    if (failure?.kind === "notFound") return [];
    const refused = outcome?.kind === "partly" ? outcome.refused : new Set(licenses.map(({ skuId }) => skuId));
    const isOwed = ({ skuId }: License) => failure !== null && refused.has(skuId);
    const reason = failure === null ? "" : whyNotPutBack(failure);
    owed.push(...licenses.filter(isOwed).map(({ skuId }) => ({ userId, skuId, reason })));
    given.push(...licenses.filter((license) => !isOwed(license)).map(({ skuId }) => ({ userId, skuId })));
    const names = licenses.map(({ skuId }) => catalog.skuName(skuId)).join(" and ");
    const end =
      failure === null
        ? `${names} was assigned directly.`
        : `${names} COULD NOT be assigned directly: ${reason} It is owed, and no wave runs before.`;
    return [{ userId, end }];
  });
  const lines = [...grouped(ends, ({ end }) => end)].map(([end, same]) => {
    const userIds = same.map(({ userId }) => userId);
    return `${counted(userIds.length, "member")} (${usersShown(userIds, BY_ID)}): ${end}`;
  });
  const bySku = countByName(given.map(({ skuId }) => catalog.skuName(skuId)));
  return new Given([...wanted.keys()], bySku, given, owed, lines);
}

/** Only what Graph takes: entries carry more. */
function bare({ skuId, disabledPlans }: License): License {
  return { skuId, disabledPlans };
}
