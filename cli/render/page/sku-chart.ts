import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { counted, thousands } from "../../../licensing/counts";
import { drawn, INK, LINE } from "./chart";
import { markup, type Markup } from "./html";

type Sku = PlanDocument["skus"][number];

/** From where users have a SKU, in the order in which a migration goes. */
export const SOURCES = [
  { key: "blocked", words: "blocked: direct, and stays so" },
  { key: "direct", words: "direct only" },
  { key: "both", words: "direct and inherited" },
  { key: "inherited", words: "inherited only" },
] as const;

/** A bar for each SKU, now and after this run: the share of its holders by where they have it from. */
export function skuChart(skus: readonly Sku[]): Markup | null {
  const shown = skus.filter(({ now, after }) => holders(now) + holders(after ?? now) > 0).slice(0, MOST);
  const bars = shown.flatMap(({ name, now, after }) => [
    { name: `${name}, now`, counts: now },
    ...(after === null ? [] : [{ name: "after this run", counts: after }]),
  ]);
  if (bars.length === 0) return null;
  const series = SOURCES.map(({ key }) => ({
    type: "bar",
    stack: "holders",
    silent: true,
    barWidth: 24,
    emphasis: { disabled: true },
    itemStyle: { color: `var(--${key})`, borderColor: "var(--paper)", borderWidth: 1 },
    label: { show: true, color: `var(--on-${key})`, fontSize: 12, formatter: ({ name }: { name: string }) => name },
    data: bars.map(({ counts }) => {
      const share = (100 * counts[key]) / Math.max(1, holders(counts));
      // A number that does not fit stands in the table.
      return { value: share, name: share < thousands(counts[key]).length + 1 ? "" : thousands(counts[key]) };
    }),
  }));
  const option = {
    grid: { left: 8, right: 24, top: 8, bottom: 8, outerBoundsMode: "same" },
    xAxis: {
      type: "value",
      max: 100,
      axisLabel: { color: INK, formatter: "{value} %" },
      splitLine: { lineStyle: { color: LINE } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: bars.map(({ name }) => name),
      axisLabel: { color: INK },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } },
    },
    series,
  };
  const legend = SOURCES.map(({ key, words }) => markup`<li><span class="swatch ${key}"></span>${words}</li>`);
  const description = `Where users have each SKU from. ${shown.map(describe).join(" ")}`;
  const more = skus.length - shown.length;
  return markup`<ul class="legend">${legend}</ul>
${drawn(option, 60 + 34 * bars.length, description)}${more > 0 ? markup`<p>${counted(more, "more SKU")} in the table.</p>` : null}`;
}

export function holders({ direct, both, inherited, blocked }: Sku["now"]): number {
  return direct + both + inherited + blocked;
}

function describe({ name, now, after }: Sku): string {
  const words = (counts: Sku["now"]) =>
    SOURCES.map(({ key, words: source }) => `${thousands(counts[key])} ${source}`).join(", ");
  return `${name} now: ${words(now)}${after === null ? "" : `; after this run: ${words(after)}`}.`;
}

const MOST = 20;
