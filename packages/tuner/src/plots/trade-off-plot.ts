import { plotText } from './plot-text.ts';
import { renderChart } from './render-chart.ts';

/** A result at one rate. */
export interface TradeOffPoint {
  /** What it belongs to: a method, a model. Points of one series are joined by a line. */
  readonly series: string;
  readonly x: number;
  readonly y: number;
  /** Shown beside the point: the rate, say. */
  readonly label?: string;
}

/** Results to be shown together: accuracy or error against latency, size or rate. */
export interface TradeOffTable {
  readonly title: string;
  /** What `x` is, with its unit. */
  readonly x: string;
  /** What `y` is, with its unit. */
  readonly y: string;
  /** Whether `x` is shown by its logarithm: rates, say (default false). All are above 0 then. */
  readonly logarithmic?: boolean;
  readonly points: readonly TradeOffPoint[];
}

/**
 * Draws a trade-off, such as accuracy against latency at several rates.
 *
 * @returns Text of an SVG document.
 */
export function tradeOffPlot({ title, x, y, logarithmic = false, points }: TradeOffTable): Promise<string> {
  const series = [...new Set(points.map((point) => plotText(point.series)))];
  const scale = { zero: false, ...(logarithmic && { type: 'log' as const }) };
  const bySeries = {
    field: 'series',
    type: 'nominal' as const,
    // Not an order to sort by: colour and shape would have a legend each.
    scale: { domain: series },
    ...(series.length > 1 ? { title: null } : { legend: null }),
  };
  return renderChart({
    title: plotText(title),
    width: 480,
    height: 300,
    data: {
      values: points.map((point) => ({
        ...point,
        series: plotText(point.series),
        label: plotText(point.label ?? ''),
      })),
    },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: plotText(x), scale },
      y: { field: 'y', type: 'quantitative', title: plotText(y), scale: { zero: false } },
    },
    layer: [
      {
        mark: { type: 'line', point: { filled: true, size: 50 } },
        encoding: {
          color: bySeries,
          shape: bySeries,
        },
      },
      {
        mark: { type: 'text', dy: -9, fontSize: 10 },
        encoding: { text: { field: 'label', type: 'nominal' } },
      },
    ],
  });
}
