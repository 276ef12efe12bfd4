import { importSilero, sileroVariants } from '@grim/tools/silero';
import type { Summary } from '../../../results/benchmark-result.ts';
import type { AccuracyCell, AccuracyTask, ScoredCell } from '../task.ts';
import { decisionAgreement } from './judge.ts';
import { pruned, pruning, pruningRecipe, type Method } from './prune-cell.ts';
import { missingSpeech } from './speech-packages.ts';

const task = 'silero';
const rates = [2, 4] as const;
const methods: readonly Method[] = ['magnitude', 'reconstruct'];

/** Seconds of each test package. */
const testSeconds = { full: 600, quick: 60 };

/**
 * Silero VAD v5 pruned without labels: how often it decides as the dense model does, in languages and of speakers that calibration has
 * not heard.
 */
export const silero: AccuracyTask = {
  name: task,
  metric: 'agreement',
  unavailable: missingSpeech,
  cells: (quick) => {
    const dense = denseCell();
    return [
      dense,
      ...methods.flatMap((method) => rates.map((rate) => prunedCell(dense, method, rate, quick))),
    ];
  },
  summarise,
};

function denseCell(): AccuracyCell {
  return {
    key: { task, method: 'dense', pattern: 'dense', rate: 1, seed: 1 },
    recipe: JSON.stringify({ model: sileroVariants.v5.specifier }),
    run: () => Promise.resolve({ score: 1, graph: importSilero(sileroVariants.v5) }),
  };
}

function prunedCell(dense: AccuracyCell, method: Method, rate: number, quick: boolean): AccuracyCell {
  const { rows, columns } = pruning.block;
  const seconds = quick ? testSeconds.quick : testSeconds.full;
  return {
    key: { task, method, pattern: `bcr ${rows}x${columns}`, rate, seed: 1 },
    recipe: JSON.stringify({ dense: dense.recipe, test: seconds, ...pruningRecipe(method, quick) }),
    dense,
    run: async ({ resultOf, progress }) => {
      const { graph } = await resultOf(dense);
      const model = await pruned(graph, method, rate, quick, progress);
      progress('agreement with the dense model');
      return { score: await decisionAgreement(graph, model, seconds), graph: model };
    },
  };
}

function summarise(rows: readonly ScoredCell[]): Summary {
  const named = rows
    .filter(({ rate }) => rate > 1)
    .map(({ method, rate, score }): [string, number] => [
      method === 'reconstruct' ? `silero_${rate}x_agreement` : `silero_${rate}x_${method}_agreement`,
      score,
    ]);
  return Object.fromEntries(named);
}
