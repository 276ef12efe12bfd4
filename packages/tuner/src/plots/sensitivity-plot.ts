import type { Sensitivity } from '@grim/prune';
import { plotText } from './plot-text.ts';
import { renderChart } from './render-chart.ts';

/** Entries of a column of the legend. */
const legendRows = 20;

/**
 * Draws the error of each weight against the rate.
 *
 * @returns Text of an SVG document.
 */
export function sensitivityPlot({ weights, error }: Pick<Sensitivity, 'error' | 'weights'>): Promise<string> {
  const names = weights.map((weight) => plotText(weight.weights.join(', ')));
  const values = weights.flatMap(({ points }, index) =>
    points.map((point) => ({ weight: names[index] ?? '', rate: point.rate, error: point.error })),
  );
  // The same for colour and shape: only then they share one legend.
  const scale = { domain: names };
  const rates = [...new Set(values.map(({ rate }) => rate))].sort((a, b) => a - b);
  return renderChart({
    title: 'What pruning each weight alone costs',
    width: 480,
    height: 300,
    data: { values },
    mark: { type: 'line', point: { filled: true, size: 40 } },
    encoding: {
      x: {
        field: 'rate',
        type: 'quantitative',
        title: 'weights divided by weights kept',
        scale: { type: 'log', nice: false },
        axis: { values: rates, format: '~g' },
      },
      y: {
        field: 'error',
        type: 'quantitative',
        title: error === 'output' ? 'error of the outputs (share of their energy)' : 'energy pruned (share)',
        axis: { format: '~%' },
      },
      color: {
        field: 'weight',
        type: 'nominal',
        scale,
        title: null,
        legend: { columns: Math.ceil(names.length / legendRows) },
      },
      shape: { field: 'weight', type: 'nominal', scale, title: null },
    },
  });
}
