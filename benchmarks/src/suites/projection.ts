import { keptEnergy, maskDensity, projectMagnitude, type Matrix } from '@grim/bcr';
import type { Row } from '../results/benchmark-result.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { columnsThenRows } from './projection/columns-then-rows.ts';
import { sampleMatrix, weightKinds } from './projection/sample-matrix.ts';

const blocks = [
  { blockRows: 4, blockColumns: 16 },
  { blockRows: 8, blockColumns: 32 },
  { blockRows: 16, blockColumns: 64 },
  { blockRows: 64, blockColumns: 128 },
];
const rates = { rate: 8, rowRate: 2, columnRate: 4 };
const seeds = 5;

/** Energy that projections keep, beside the published one; deterministic, no time is measured. */
export const projection: Suite = {
  description: 'Energy that is left at 8x: rows and columns chosen jointly beside columns, then rows',
  run: compare,
};

function compare({ quick, progress }: SuiteContext): Promise<SuiteOutcome> {
  const rows: Row[] = [];
  const gains: number[] = [];
  for (const weights of weightKinds) {
    for (const grid of blocks) {
      const name = `${weights} ${grid.blockRows}x${grid.blockColumns}`;
      progress(name);
      const found = Array.from({ length: quick ? 1 : seeds }, (_, seed) =>
        energies(sampleMatrix(weights, quick ? 64 : 256, quick ? 128 : 512, seed + 1), grid),
      );
      const mean = (part: keyof ReturnType<typeof energies>): number =>
        found.reduce((sum, each) => sum + each[part], 0) / found.length;
      const gain = mean('joint') / mean('published') - 1;
      gains.push(gain);
      rows.push({
        weights,
        block: `${grid.blockRows}x${grid.blockColumns}`,
        published: round(mean('published')),
        joint: round(mean('joint')),
        gain: round(gain),
        own: round(mean('own')),
        priced: round(mean('priced')),
        priced_rate: round(1 / mean('pricedDensity')),
      });
    }
  }
  return Promise.resolve({
    rows,
    summary: {
      joint_energy_gain_least: round(Math.min(...gains)),
      joint_energy_gain_most: round(Math.max(...gains)),
    },
  });
}

function energies(
  matrix: Matrix,
  grid: (typeof blocks)[number],
): Record<'published' | 'joint' | 'own' | 'priced' | 'pricedDensity', number> {
  const free = { keepEveryRow: false, keepEveryColumn: false } as const;
  const joint = projectMagnitude(matrix, grid, { ...rates, ...free });
  const own = projectMagnitude(matrix, grid, { rate: 8, split: 'both', ...free });
  const priced = projectMagnitude(matrix, grid, { rate: 8, split: 'both', budget: 'global', ...free });
  return {
    published: columnsThenRows(matrix, grid, rates),
    joint: keptEnergy(matrix, joint),
    own: keptEnergy(matrix, own),
    priced: keptEnergy(matrix, priced),
    pricedDensity: maskDensity(priced),
  };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
