import { counted, thousands, total, formatCounts } from "../../licensing/counts";
import { formatUserName } from "../../cli/render/words";
import type { LostServices, Rehearsal, Step, WaveStep } from "../migration/result";
import { typed } from "../../cli/render/command-line";
import { formatRoundedDuration } from "../../licensing/duration";

/** A section of the report as plain text. The terminal and the Markdown file each format it in their own way. */
export interface Section {
  readonly title: string;
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly lines: readonly string[];
}

/** Number of users that a line names; `rehearsal.json` lists all. */
const SHOWN = 10;

/** Sections in the order that helps a reader decide on the migration. */
export function sectionsOf(rehearsal: Rehearsal): readonly Section[] {
  const { stays, troubles, rollback, lost, lostByPeople, warnings } = rehearsal;
  return [
    { title: "Step by step", table: stepsTable(rehearsal), lines: [QUOTA] },
    section(
      "What stays directly assigned, and what helps",
      stays.map(({ users, sku, words, remedy }) => `${counted(users, "user")}, ${sku}: ${words}. ${remedy}`),
    ),
    section(
      "Blocked, wave by wave",
      rehearsal.waves.flatMap(({ name, blocked }) => (total(blocked) > 0 ? [`${name}: ${formatCounts(blocked)}`] : [])),
    ),
    section("Runs that ended early", haltLines(rehearsal)),
    section(
      "Trouble",
      troubles.map(({ option, words }) => `${option}: ${words}`),
    ),
    section("Rollback", rollback === null ? [] : rollbackLines(rehearsal)),
    section("Services lost", [
      lost.length === 0
        ? "0: no user was ever without a service that they had, from the first moment to the last."
        : `${counted(lost.length, "loss", "losses")} through the migration.`,
      ...lossLines(lost, rehearsal),
    ]),
    section("Services lost through other changes in the tenant", lossLines(lostByPeople, rehearsal)),
    section("What could not be read", warnings),
    section("What next?", nextSteps(rehearsal)),
  ].filter(({ lines }) => lines.length > 0);
}

const QUOTA =
  "The time is the least that this program's share of Graph's quotas allows: counted, not measured. What Entra takes to process the groups comes on top.";

function section(title: string, lines: readonly string[]): Section {
  return { title, lines };
}

function stepsTable({ groups, waves, rollback }: Rehearsal): NonNullable<Section["table"]> {
  const common = ({ runs, isThrough, load, atRealQuotaMs }: Step) => [
    `${thousands(runs)}${isThrough ? "" : ", not through"}`,
    thousands(load.requests),
    formatRoundedDuration(atRealQuotaMs),
  ];
  const waveRow = (wave: WaveStep) => [
    `wave ${wave.name}`,
    formatCounts(wave.removed) || "0",
    thousands(total(wave.blocked)),
    ...common(wave),
    wave.soakMs === 0 ? "" : formatRoundedDuration(wave.soakMs),
  ];
  return {
    head: ["step", "removed", "blocked", "runs of up", "HTTP requests", "time at Graph's quota", "then soaks"],
    rows: [
      ["groups", "", "", ...common(groups), ""],
      ...waves.map(waveRow),
      ...(rollback === null ? [] : [["rollback", "", "", ...common(rollback), ""]]),
    ],
  };
}

function haltLines({ groups, waves, rollback }: Rehearsal): readonly string[] {
  const steps = [groups, ...waves, ...(rollback === null ? [] : [rollback])];
  return steps.flatMap(({ name, halts, isThrough }) => [
    ...halts.map((words, index) => `${name}, run ${index + 1}: ${words}`),
    ...(halts.length > 0 && isThrough ? [`${name}: the next up went on to the end.`] : []),
  ]);
}

function rollbackLines({ rollback, direct, names }: Rehearsal): readonly string[] {
  if (rollback === null) return [];
  const { restored, notBack, why } = rollback;
  const back = `${counted(restored, "direct assignment was", "direct assignments were")} put back`;
  if (notBack.length === 0) return [`${back}. All ${thousands(direct)} are as they were, with the same plans off.`];
  return [
    `${back}. ${counted(notBack.length, "is", "are")} not as before; no user lacks a service, because they inherit it:`,
    ...Object.entries(why).map(([words, users]) => `${counted(users, "user")}: ${words}`),
    ...notBack.slice(0, SHOWN).map(({ userId, skuId }) => `${formatUserName(userId, names)}: ${skuId}`),
    ...more(notBack.length),
  ];
}

/** One line for all users that lost the same services through the same cause. */
function lossLines(losses: readonly LostServices[], { names }: Rehearsal): readonly string[] {
  const alike = new Map<string, LostServices[]>();
  for (const loss of losses) {
    const words = `${loss.plans.join(", ")} (${loss.cause})`;
    alike.set(words, [...(alike.get(words) ?? []), loss]);
  }
  return [...alike].map(([words, all]) => {
    const users = [...new Set(all.map(({ userId }) => userId))];
    const shown = users.slice(0, SHOWN).map((userId) => formatUserName(userId, names));
    return `${counted(users.length, "user")}: ${words}: ${[...shown, ...more(users.length)].join(", ")}`;
  });
}

function more(all: number): readonly string[] {
  return all > SHOWN ? [`… and ${thousands(all - SHOWN)} more in rehearsal.json.`] : [];
}

function nextSteps({ stack, verdict, waves, ids }: Rehearsal): readonly string[] {
  const first = waves[0]?.name;
  const forward = [
    `${typed(`preview --stack ${stack}`)}, then up without licensing:applyThrough: the groups, and nothing removed.`,
    ...(first === undefined ? [] : [`Then licensing:applyThrough: ${first}, and up.`]),
  ];
  const byWord = {
    lost: [
      `Do not run this migration. Report it, with a copy without names: ${typed(`rehearse --stack ${stack} --save ${stack}.json.gz --no-run`)}`,
    ],
    stops: ["Mend what the run that ended early says, or what a wave waits for, then rehearse again."],
    "needs-a-look": [
      "Read what stays and what the rollback could not bring back. Mend it, or leave it: no user loses anything by it.",
      ...forward,
    ],
    safe: forward,
  }[verdict.word];
  return [
    ...byWord,
    ...(ids === "pseudonymous"
      ? [
          "This copy has other ids than the tenant: waves by percent and by count took other people than they will there.",
        ]
      : []),
  ];
}
