import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from "echarts";
import { formatMoment } from "../../../licensing/moment-words";
import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { counted } from "../../../licensing/counts";
import { formatPlan, formatSoak, formatStart } from "../words";
import { drawn, FONT, INK, LINE } from "./chart";
import type { Markup } from "./html";

type Wave = PlanDocument["waves"][number];

const DAY_MS = 24 * 3_600_000;

/** Each wave at the moment when it was done or may run at the earliest, with its soak behind it. */
export function timeLineChart({ waves, plannedAt }: PlanDocument): Markup | null {
  const shown = waves.slice(0, MOST);
  if (shown.length === 0) return null;
  const nowMs = Date.parse(plannedAt);
  const startMs = (wave: Wave) => Date.parse(wave.startsAt);
  const fromMs = Math.min(nowMs, ...shown.map(startMs));
  const toMs = Math.max(nowMs, ...shown.map((wave) => startMs(wave) + wave.soakMs));
  // Without a soak all of it is one moment, and an axis needs a length.
  const roomMs = Math.max(DAY_MS, toMs - fromMs) * 0.04;
  const option = {
    useUTC: true,
    grid: { left: 8, right: 170, top: 28, bottom: 8, outerBoundsMode: "same" },
    xAxis: {
      type: "time",
      splitNumber: 5,
      min: fromMs - roomMs,
      max: Math.max(toMs, fromMs + DAY_MS) + roomMs,
      axisLabel: {
        color: INK,
        fontSize: 12,
        hideOverlap: true,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (atMs: number) => formatDate(atMs, toMs - fromMs),
      },
      axisLine: { lineStyle: { color: LINE } },
      splitLine: { show: true, showMinLine: false, showMaxLine: false, lineStyle: { color: LINE } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: shown.map(({ name }) => name),
      axisLabel: { color: INK },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } },
    },
    series: {
      type: "custom",
      silent: true,
      clip: false,
      encode: { x: [0, 1], y: 2 },
      data: shown.map((wave, index) => [startMs(wave), startMs(wave) + wave.soakMs, index]),
      renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
        const wave = shown[Number(api.value(2))];
        return wave === undefined ? null : drawnWave(wave, api);
      },
      markLine: {
        symbol: "none",
        silent: true,
        lineStyle: { color: INK, type: "dashed" },
        label: { formatter: "now", color: INK, position: "start" },
        data: [{ xAxis: nowMs }],
      },
    },
  };
  return drawn(option, 70 + 40 * shown.length, `The waves on a time line. ${shown.map(describe).join(" ")}`);
}

/** A point where the wave is, a bar for its soak, and in words what it does. */
function drawnWave(wave: Wave, api: CustomSeriesRenderItemAPI) {
  const [x = 0, y = 0] = api.coord([api.value(0), api.value(2)]);
  const [end = 0] = api.coord([api.value(1), api.value(2)]);
  const colour = `var(--${wave.state})`;
  const isOpen = wave.state === "waits";
  return {
    type: "group",
    children: [
      {
        type: "rect",
        shape: { x, y: y - 5, width: end - x, height: 10 },
        style: { fill: colour, opacity: 0.35 },
      },
      {
        type: "circle",
        shape: { cx: x, cy: y, r: 7 },
        style: { fill: isOpen ? "var(--paper)" : colour, stroke: colour, lineWidth: 2 },
      },
      {
        type: "text",
        style: {
          x: Math.max(end, x + 7) + 8,
          y,
          text: `${counted(wave.plannedUsers, "user")}${wave.soakMs === 0 ? "" : `, soaks ${formatSoak(wave)}`}`,
          fill: INK,
          fontSize: 12,
          fontFamily: FONT,
          verticalAlign: "middle",
        },
      },
    ],
  };
}

/** `22 Nov`, with the hour where everything is within days. */
function formatDate(atMs: number, spanMs: number): string {
  const at = new Date(atMs);
  const day = `${at.getUTCDate()} ${at.toLocaleString("en-GB", { month: "short", timeZone: "UTC" })}`;
  return spanMs > 3 * DAY_MS ? day : `${day} ${at.toISOString().slice(11, 16)}`;
}

function describe(wave: Wave): string {
  return `${wave.name}: ${formatStart(wave)}, ${formatMoment(wave.startsAt)}, ${formatPlan(wave)}, soak ${formatSoak(wave)}.`;
}

const MOST = 30;
