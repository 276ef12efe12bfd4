import { describeLayers, operatorDefinition, type Graph } from '@grim/ir';
import { tradeOff, type RateChoice, type Sensitivity } from '@grim/prune';
import { safeFileNames } from '../files/safe-file-names.ts';
import type { SearchReport } from '../prune/search-report.ts';
import { maskPicture, type PrunedMatrix } from './mask-picture.ts';
import { sensitivityPlot } from './sensitivity-plot.ts';
import { tradeOffPlot, type TradeOffPoint } from './trade-off-plot.ts';

/**
 * Plots of what pruning did, by file name: the mask of every pruned weight, and where rates were tried, their errors and what they
 * buy.
 *
 * @param graph - The pruned network.
 * @param search - What was searched, if anything.
 */
export async function prunePlots(
  graph: Graph,
  search: Pick<SearchReport, 'rates' | 'sensitivity'> | null,
): Promise<Map<string, string>> {
  const plots = new Map<string, string>();
  if (search?.sensitivity) {
    plots.set('sensitivity.svg', await sensitivityPlot(search.sensitivity));
    plots.set('trade-off.svg', await errorAgainstLatency(search.sensitivity, search.rates));
  }
  const matrices = prunedMatrices(graph);
  const names = safeFileNames(matrices.map(({ name }) => name));
  for (const [index, matrix] of matrices.entries()) {
    plots.set(`mask-${names[index] ?? index}.svg`, maskPicture(matrix));
  }
  return plots;
}

function prunedMatrices(graph: Graph): PrunedMatrix[] {
  return describeLayers(graph).flatMap(({ name, kind, matrices }) =>
    matrices.flatMap(({ input, rows, columns, value, bcr }): PrunedMatrix[] => {
      const values = graph.constants.get(value)?.data;
      if (!bcr || !values) return [];
      const block = { rows: bcr.blockRows, columns: bcr.blockColumns };
      const operand = operatorDefinition(kind).operands[input] ?? input;
      return [{ name: `${name}:${operand}`, rows, columns, values, block }];
    }),
  );
}

function errorAgainstLatency(sensitivity: Sensitivity, chosen: RateChoice | null): Promise<string> {
  const point = (choice: RateChoice, series: string): TradeOffPoint => ({
    series,
    x: choice.predicted.seconds * 1e6,
    y: choice.error,
    label: `${overallRate(sensitivity, choice).toFixed(1)}x`,
  });
  return tradeOffPlot({
    title: 'Least error at each latency, and the rate of all pruned weights together',
    x: `latency of a run, ${sensitivity.latency.kind === 'estimate' ? 'estimated' : 'measured'} by layer (µs)`,
    y: `sum of the errors of the weights (${sensitivity.error})`,
    points: [
      ...tradeOff(sensitivity, 'latency').map((choice) => point(choice, 'least error')),
      ...(chosen ? [point(chosen, 'chosen')] : []),
    ],
  });
}

/** Elements of all weights that can be pruned, divided by those kept. */
function overallRate({ weights }: Sensitivity, choice: RateChoice): number {
  const elements = weights.map(({ rows, columns }) => rows * columns);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return sum(elements) / sum(elements.map((count, index) => count / (choice.weights[index]?.rate ?? 1)));
}
