import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pruneByAdmm, pruneByMagnitude, pruneGradually, retrain } from '../../src/index.ts';
import { projectElements } from '../../src/training/project-elements.ts';
import { copyOf, denseTrainer, pruning, teacherTask } from './task.ts';
import { firstPruned } from './expectations.ts';

const seed = 7;

describe('the ends of the scale', () => {
  it(`prunes element by element, and reports it without blocks (seed ${seed})`, async () => {
    const task = teacherTask(seed, 8);
    const trainer = await denseTrainer(task, seed + 50, 6);
    const options = {
      ...pruning,
      pattern: 'unstructured',
      training: { epochs: 3, learningRate: 0.005 },
      retraining: { epochs: 1, learningRate: 0.005 },
    } as const;
    for (const method of [pruneByAdmm, pruneGradually]) {
      const copy = copyOf(trainer);
      const result = await method(copy, task.batches, options);
      const values = copy.parameters.get('hidden.weight')?.data ?? new Float32Array();
      const mask = result.masks.get('hidden.weight') ?? new Uint8Array();
      expect(mask.reduce((sum, flag) => sum + flag, 0)).toBe(256);
      values.forEach((value, index) => {
        if (mask[index] === 0) expect(value).toBe(0);
      });
      expect(result.report.weights[0]).toMatchObject({
        outcome: 'unstructured',
        requestedRate: 4,
        achievedRate: 4,
        zeros: 768,
      });
      expect(result.report.totals.storedBytes).toBeLessThan(result.report.totals.denseBytes);
      expect(result.graph.nodes[0]).not.toHaveProperty('weights');
      const again = await retrain(copy, task.batches, { pruned: result, epochs: 1, learningRate: 0.001 });
      expect(again.masks).toEqual(result.masks);
      expect(again.report.weights[0]?.outcome).toBe('unstructured');
    }
    // Of all patterns at a rate it keeps the most of the same weights.
    const blocks = firstPruned({ report: pruneByMagnitude(trainer.graph(), pruning).report });
    const oneShot = await pruneGradually(copyOf(trainer), task.batches, {
      ...options,
      training: { epochs: 0, learningRate: 0 },
      retraining: { epochs: 0, learningRate: 0 },
    });
    const [elements] = oneShot.report.weights;
    expect(elements?.outcome === 'unstructured' && elements.keptEnergy).toBeGreaterThan(blocks.keptEnergy);
  });

  it('prunes whole columns where a block is as tall and as wide as the matrix', async () => {
    const task = teacherTask(seed, 2);
    const trainer = await denseTrainer(task, seed + 50, 2);
    const { masks } = await pruneGradually(trainer, task.batches, {
      ...pruning,
      block: { rows: 1e6, columns: 1e6 },
      training: { epochs: 1, learningRate: 0.005 },
      retraining: { epochs: 1, learningRate: 0.005 },
    });
    const mask = masks.get('hidden.weight') ?? new Uint8Array();
    const columns = Array.from({ length: 32 }, (_, column) =>
      mask.filter((_flag, index) => index % 32 === column).reduce((sum, flag) => sum + flag, 0),
    );
    expect(columns.filter((kept) => kept === 32)).toHaveLength(8);
    expect(columns.filter((kept) => kept === 0)).toHaveLength(24);
  });

  it('keeps the largest elements of each band, and the first of equal ones', () => {
    const element = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -3, max: 3, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(element, { minLength: 6, maxLength: 24 }),
        fc.array(fc.double({ min: 1, max: 4, noNaN: true }), { minLength: 1, maxLength: 3 }),
        (drawn, rates) => {
          const rows = rates.length;
          const columns = Math.floor(drawn.length / rows);
          const values = Float32Array.from(drawn.slice(0, rows * columns));
          fc.pre(rates.every((rate) => Math.round(columns / rate) >= 1));
          const kept = projectElements({ rows, columns, values }, rates);
          for (const [band, rate] of rates.entries()) {
            const indices = Array.from({ length: columns }, (_, index) => band * columns + index);
            const strongest = indices
              .toSorted((a, b) => Math.abs(values[b] ?? 0) - Math.abs(values[a] ?? 0) || a - b)
              .slice(0, Math.round(columns / rate));
            expect(indices.filter((index) => kept[index] === 1)).toEqual(strongest.toSorted((a, b) => a - b));
          }
        },
      ),
    );
  });
});
