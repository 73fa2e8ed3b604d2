import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { counted, thousands } from "../../../licensing/counts";
import { cut } from "./inline";

/** Number of boxes side by side with which the picture stays readable. */
const MOST = 8;

/** Groups, the SKUs that they give, and the waves that remove them from users, as a Mermaid flow chart. */
export function picture({ groups, skus, waves }: PlanDocument): readonly string[] {
  if (groups.length === 0) return [];
  const shownSkus = skus.slice(0, MOST);
  const shownGroups = groups.slice(0, MOST);
  const shownWaves = waves.slice(0, MOST);
  const numberOf = (name: string) => shownSkus.findIndex((sku) => sku.name === name);
  return [
    "### The picture",
    "",
    "Groups give SKUs; waves remove direct licences that are inherited by then. A dotted line is not in this run.",
    "",
    "```mermaid",
    "flowchart LR",
    ...shownGroups.map(
      (group, index) => `  g${index}["${label(group.displayName)}<br/>${counted(group.members, "member")}"]:::group`,
    ),
    ...shownSkus.map(
      (sku, index) =>
        `  s${index}(["${label(sku.name)}<br/>${thousands(sku.now.direct + sku.now.both + sku.now.blocked)} direct now"]):::sku`,
    ),
    ...shownWaves.map((wave, index) => `  w${index}["${formatWave(wave).map(label).join("<br/>")}"]:::${wave.state}`),
    ...overflow(groups.length, "group", "g"),
    ...overflow(skus.length, "SKU", "s"),
    ...overflow(waves.length, "wave", "w"),
    ...shownGroups.flatMap((group, index) =>
      group.gives
        .filter(({ sku }) => numberOf(sku) >= 0)
        .map(({ sku, change }) => `  g${index} -- "${change === null ? "gives" : "will give"}" --> s${numberOf(sku)}`),
    ),
    ...shownWaves.flatMap((wave, index) =>
      Object.keys(wave.planned)
        .filter((sku) => numberOf(sku) >= 0)
        // Dotted lines are not in this run. The text is in the boxes, because labels on crossing lines would overlap.
        .map((sku) => `  s${numberOf(sku)} ${wave.state === "runs" ? "==>" : "-.->"} w${index}`),
    ),
    ...COLOURS,
    "```",
    "",
  ];
}

/** The text of a wave's box. A wave with many SKUs names only the most frequent. */
function formatWave(wave: PlanDocument["waves"][number]): readonly string[] {
  const { name, state, mode, plannedUsers, planned } = wave;
  if (plannedUsers === 0) return [`${name}: ${STATES[state]}`];
  const skus = Object.entries(planned).map(([sku, count]) => `${thousands(count)} ${sku}`);
  const more = skus.length > MOST_IN_WAVE ? [`and ${counted(skus.length - MOST_IN_WAVE, "more SKU")}`] : [];
  const verb = mode === "restore" ? "puts back" : "removes";
  return [
    `${name}: ${STATES[state]}`,
    `${counted(plannedUsers, "user")}, ${verb}`,
    ...skus.slice(0, MOST_IN_WAVE),
    ...more,
  ];
}

const STATES = { runs: "in this run", waits: "later", done: "done", refused: "refused" } as const;
const MOST_IN_WAVE = 4;

function overflow(all: number, what: string, prefix: string): readonly string[] {
  return all > MOST ? [`  ${prefix}More["… and ${counted(all - MOST, `more ${what}`)}"]:::more`] : [];
}

/** Escapes all but letters and digits as character codes, which Mermaid shows without parsing them. */
function label(text: string): string {
  return cut(text.replace(/\s+/g, " "), 40).replace(
    /[^\p{L}\p{N} ]/gu,
    (character) => `#${character.codePointAt(0) ?? 0};`,
  );
}

/** Dark enough under white, light enough under black: GitHub shows one picture in both of its themes. */
const COLOURS = [
  "  classDef group fill:#1f6feb,stroke:#1f6feb,color:#ffffff",
  "  classDef sku fill:#6e7781,stroke:#6e7781,color:#ffffff",
  "  classDef runs fill:#1a7f37,stroke:#1a7f37,color:#ffffff",
  "  classDef done fill:#4c6b52,stroke:#4c6b52,color:#ffffff",
  "  classDef waits fill:none,stroke:#8b949e,stroke-dasharray:4 4",
  "  classDef refused fill:#b62324,stroke:#b62324,color:#ffffff",
  "  classDef more fill:none,stroke:none",
];
