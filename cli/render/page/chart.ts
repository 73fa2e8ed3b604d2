import { init, use, type EChartsCoreOption } from "echarts/core";
import { BarChart, CustomChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { markup, raw, type Markup } from "./html";

use([BarChart, CustomChart, GridComponent, MarkLineComponent, SVGRenderer]);

/** Names of colours in page.css: a chart follows the theme of its page, because it is drawn in their terms. */
export const INK = "var(--ink)";
export const LINE = "var(--line)";

/** As in page.css. Not `inherit`, which the chart library writes where CSS does not allow it, so that its size is lost too. */
export const FONT = "system-ui,Segoe UI,Liberation Sans,sans-serif";

/**
 * A chart as an SVG picture, drawn now: the page needs neither the chart library nor the network.
 *
 * @param description text for screen readers; a table beside the chart has the same numbers
 */
export function drawn(option: EChartsCoreOption, height: number, description: string): Markup {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  try {
    chart.setOption({ animation: false, textStyle: { color: INK, fontFamily: FONT, fontSize: 13 }, ...option });
    const svg = chart.renderToSVGString({ useViewBox: true });
    const picture = svg.replace(/^<svg /, markup`<svg role="img" aria-label="${description}" `.toString());
    return markup`<div class="scroll" tabindex="0" role="region" aria-label="Chart">${raw(picture)}</div>`;
  } finally {
    // A chart that is not disposed keeps the process alive.
    chart.dispose();
  }
}

const WIDTH = 960;
