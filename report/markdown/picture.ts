import type { PlanDocument } from "../../licensing/plan-document/schema";
import { counted, thousands } from "../../licensing/tally";
import { cut } from "./inline";

/** A picture stays readable with so many boxes side by side. */
const MOST = 8;

/** Groups, the SKUs that they give, and the waves that remove them from users, as a Mermaid flow chart. */
export function picture({ groups, skus, waves }: PlanDocument): readonly string[] {
  if (groups.length === 0) return [];
  const shownSkus = skus.slice(0, MOST);
  const shownGroups = groups.slice(0, MOST);
  const shownWaves = waves.slice(0, MOST);
  const numberOf = (name: string) => shownSkus.findIndex((sku) => sku.name === name);
  return [
    "```mermaid",
    "flowchart LR",
    ...shownGroups.map(
      (group, index) => `  g${index}["${label(group.displayName)}<br/>${counted(group.members, "member")}"]:::group`,
    ),
    ...shownSkus.map(
      (sku, index) =>
        `  s${index}(["${label(sku.name)}<br/>${thousands(sku.now.direct + sku.now.both + sku.now.blocked)} direct now"]):::sku`,
    ),
    ...shownWaves.map(
      (wave, index) => `  w${index}["${label(wave.name)}<br/>${counted(wave.plannedUsers, "user")}"]:::${wave.state}`,
    ),
    ...overflow(groups.length, "group", "g"),
    ...overflow(skus.length, "SKU", "s"),
    ...overflow(waves.length, "wave", "w"),
    ...shownGroups.flatMap((group, index) =>
      group.gives
        .filter(({ sku }) => numberOf(sku) >= 0)
        .map(({ sku, change }) => `  g${index} -- "${change === null ? "gives" : "will give"}" --> s${numberOf(sku)}`),
    ),
    ...shownWaves.flatMap((wave, index) =>
      Object.entries(wave.planned)
        .filter(([sku]) => numberOf(sku) >= 0)
        .map(([sku, count]) => edgeOf(wave, `s${numberOf(sku)}`, `w${index}`, count)),
    ),
    ...COLOURS,
    "```",
    "",
  ];
}

function edgeOf({ mode, state }: PlanDocument["waves"][number], sku: string, wave: string, count: number): string {
  const words = `${mode === "restore" ? "puts back" : "removes"} ${thousands(count)}`;
  // A dotted line is not in this run.
  return state === "runs" ? `  ${sku} == "${words}" ==> ${wave}` : `  ${sku} -. "${words}" .-> ${wave}`;
}

function overflow(all: number, what: string, prefix: string): readonly string[] {
  return all > MOST ? [`  ${prefix}More["… and ${counted(all - MOST, `more ${what}`)}"]:::more`] : [];
}

/** Letters and digits as they are; all else as a character code, which Mermaid shows and does not read. */
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
