import type { TopLevelSpec } from 'vega-lite';
import { ink, lines, palette } from './colours.ts';

/** A chart of Vega-Lite without what all charts here share. */
export type Chart = TopLevelSpec;

const text = {
  labelColor: ink,
  titleColor: ink,
  labelFontSize: 11,
  titleFontSize: 12,
  titleFontWeight: 'normal',
} as const;

/** No background, and colours that can be read on a light page as on a dark one. */
const config = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: lines },
  title: { color: ink, fontSize: 13, fontWeight: 'normal', anchor: 'start' },
  axis: { ...text, gridColor: lines, gridOpacity: 0.4, domainColor: lines, tickColor: lines },
  legend: { ...text, labelLimit: 0, symbolLimit: 0 },
  range: { category: palette },
  text: { color: ink },
} as const;

/**
 * Draws a chart as SVG, without a page. The library is loaded on first use, for it is large.
 *
 * @returns Text of an SVG document.
 */
export async function renderChart(chart: Chart): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec } = vegaLite.compile({ ...chart, config });
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
