import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptCells, maskOf } from '@grim/bcr';
import {
  evaluateGraph,
  GrimError,
  validateGraph,
  type Graph,
  type Node,
  type Shape,
  type Tensor,
} from '@grim/ir';
import {
  pruneByMagnitude,
  pruneByReconstruction,
  type CalibrationSequence,
  type PruneOptions,
  type PrunedWeightReport,
  type PruneReport,
  type ReconstructionReport,
} from '../src/index.ts';
import { sampleGraph, weights } from './graphs.ts';

/** Deterministic values between −1 and 1. */
function noise(seed: number): () => number {
  let state = (Math.imul(seed, 747_796_405) + 2_891_336_453) >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 739_982_445) + 12_345) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  };
}

/** Vectors that lie near a space of few dimensions, so that one input says much about another. */
function correlated(count: number, columns: number, seed: number): Float32Array {
  const next = noise(seed);
  const dimensions = Math.max(2, Math.floor(columns / 4));
  const mixing = Array.from({ length: dimensions * columns }, next);
  const data = new Float32Array(count * columns);
  for (let vector = 0; vector < count; vector++) {
    const sources = Array.from({ length: dimensions }, next);
    for (let column = 0; column < columns; column++) {
      let sum = next() * 0.1;
      for (const [index, source] of sources.entries())
        sum += source * (mixing[index * columns + column] ?? 0);
      data[vector * columns + column] = sum;
    }
  }
  return data;
}

function oneLayer(
  op: Node['op'],
  x: Shape,
  constants: Readonly<Record<string, Tensor>>,
  inputs: Node['inputs'],
): Graph {
  return {
    name: 'one',
    inputs: [{ name: 'x', shape: x }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map(Object.entries(constants)),
    nodes: [
      {
        name: 'layer',
        op,
        inputs,
        outputs: op.kind === 'lstm' ? ['y', 'h', 'c'] : op.kind === 'gru' ? ['y', 'h'] : ['y'],
      },
    ],
  };
}

const sigmoid = { function: 'sigmoid' } as const;
const tanh = { function: 'tanh' } as const;

function linearGraph(rows: number, columns: number, vectors: number, seed: number): Graph {
  return oneLayer({ kind: 'linear' }, [vectors, columns], { w: weights([rows, columns], seed) }, ['x', 'w']);
}

function pruned(report: PruneReport): PrunedWeightReport[] {
  return report.weights.filter((weight): weight is PrunedWeightReport => weight.outcome === 'pruned');
}

function outputOf(graph: Graph, x: Float32Array): Float32Array {
  return evaluateGraph(graph, { inputs: { x } }).outputs['y'] ?? new Float32Array();
}

/** Energy of the difference of outputs, divided by that of the outputs. */
function errorOf(dense: Graph, other: Graph, x: Float32Array): number {
  const [expected, actual] = [outputOf(dense, x), outputOf(other, x)];
  let [error, energy] = [0, 0];
  for (const [index, value] of expected.entries()) {
    error += (value - (actual[index] ?? NaN)) ** 2;
    energy += value ** 2;
  }
  return error / energy;
}

async function refusal(action: () => Promise<unknown>): Promise<GrimError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof GrimError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('pruneByReconstruction', () => {
  const options: PruneOptions = { rate: 4, block: { rows: 4, columns: 8 } };

  it('loses less of the outputs than magnitude at the same rate when inputs are correlated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10_000 }),
        fc.constantFrom('columns' as const, 'both' as const),
        fc.constantFrom(2, 4),
        async (seed, split, rate) => {
          const graph = linearGraph(12, 24, 80, seed);
          const x = correlated(80, 24, seed);
          const each = { ...options, rate, split };
          const magnitude = pruneByMagnitude(graph, each);
          const result = await pruneByReconstruction(graph, [[{ x }]], each);
          validateGraph(result.graph);
          const [before, after] = [pruned(magnitude.report)[0], pruned(result.report)[0]];
          if (!before || !after) return;
          expect(after.achievedRate).toBeGreaterThan(0.9 * before.achievedRate);
          const error = errorOf(graph, result.graph, x);
          expect(error).toBeLessThan(0.9 * errorOf(graph, magnitude.graph, x));
          // The report says what the outputs say, and also so of vectors that calibration has not seen.
          expect(after.reconstruction?.outputError).toBeCloseTo(error, 4);
          expect(after.reconstruction?.magnitudeOutputError).toBeCloseTo(
            errorOf(graph, magnitude.graph, x),
            4,
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('solves the least squares of each row, as a dense solver does', async () => {
    const [rows, columns, vectors] = [48, 6, 40];
    const graph = linearGraph(rows, columns, vectors, 5);
    const x = correlated(vectors, columns, 9);
    const result = await pruneByReconstruction(graph, [[{ x }]], {
      rate: 2,
      block: { rows: 48, columns: 6 },
      damping: 1e-9,
    });
    const after = result.graph.constants.get('w')?.data ?? new Float32Array();
    const before = graph.constants.get('w')?.data ?? new Float32Array();
    const support = Array.from({ length: columns }, (_, column) => column).filter(
      (column) => after[column] !== 0,
    );
    expect(support).toHaveLength(3);
    for (let row = 0; row < rows; row++) {
      const target = Array.from({ length: vectors }, (_, vector) =>
        before
          .slice(row * columns, (row + 1) * columns)
          .reduce((sum, weight, column) => sum + weight * (x[vector * columns + column] ?? 0), 0),
      );
      const solution = denseLeastSquares(
        Array.from({ length: vectors }, (_, vector) =>
          // The last one is the bias.
          [...support.map((column) => x[vector * columns + column] ?? 0), 1],
        ),
        target,
      );
      for (const [index, column] of support.entries()) {
        expect(after[row * columns + column]).toBeCloseTo(solution[index] ?? NaN, 4);
      }
    }
  });

  it('finds what magnitude cannot see: a strong column that another one repeats', async () => {
    // Columns 0 and 1 carry the same values; 2 and 3 have weaker weights and values of their own.
    const repeated = [3, 3, 1, 0.1, -3, -3, 2, 0.1];
    const graph = oneLayer(
      { kind: 'linear' },
      [40, 4],
      {
        w: {
          shape: [64, 4],
          data: Float32Array.from({ length: 256 }, (_, index) => repeated[index % 8] ?? 0),
        },
      },
      ['x', 'w'],
    );
    const next = noise(3);
    const x = new Float32Array(160);
    for (let vector = 0; vector < 40; vector++) {
      const [shared, own, other] = [next(), next(), next()];
      x.set([shared, shared, own, other], vector * 4);
    }
    const result = await pruneByReconstruction(graph, [[{ x }]], {
      rate: 2,
      block: { rows: 64, columns: 4 },
    });
    expect(errorOf(graph, result.graph, x)).toBeLessThan(0.01);
    const magnitude = pruneByMagnitude(graph, { rate: 2, block: { rows: 64, columns: 4 } });
    expect(errorOf(graph, magnitude.graph, x)).toBeGreaterThan(0.01);
  });

  const conv = { kind: 'conv', groups: 1 } as const;
  const gru = { kind: 'gru', hidden: 8, activations: [sigmoid, tanh] } as const;
  const recurrent = { w: weights([24, 12], 3), r: weights([24, 8], 4) };
  const layers: Readonly<Record<string, Graph>> = {
    'conv over one dimension': oneLayer(
      { ...conv, strides: [2], padsBegin: [1], padsEnd: [0], dilations: [2] },
      [2, 12, 30],
      { w: weights([8, 12, 3], 2) },
      ['x', 'w'],
    ),
    'conv over two dimensions': oneLayer(
      { ...conv, strides: [1, 2], padsBegin: [1, 0], padsEnd: [1, 2], dilations: [1, 1] },
      [1, 12, 6, 10],
      { w: weights([8, 12, 3, 2], 2), b: weights([8], 1) },
      ['x', 'w', 'b'],
    ),
    lstm: oneLayer(
      { kind: 'lstm', hidden: 8, direction: 'reverse', activations: [sigmoid, tanh, tanh] },
      [40, 2, 12],
      { w: weights([32, 12], 3), r: weights([32, 8], 4) },
      ['x', 'w', 'r', null, null, null],
    ),
    'gru with the reset gate after the product': oneLayer(
      { ...gru, direction: 'forward', linearBeforeReset: true },
      [40, 2, 12],
      recurrent,
      ['x', 'w', 'r', null, null, null],
    ),
    'gru with the reset gate before the product': oneLayer(
      { ...gru, direction: 'forward', linearBeforeReset: false },
      [40, 2, 12],
      recurrent,
      ['x', 'w', 'r', null, null, null],
    ),
  };

  it.each(Object.entries(layers))(
    '%s: products err less than with magnitude, at its rate',
    async (_, graph) => {
      const length = graph.inputs[0]?.shape.reduce((product, extent) => product * extent, 1) ?? 0;
      const x = correlated(length / 12, 12, 7);
      const result = await pruneByReconstruction(graph, [[{ x }], [{ x: correlated(length / 12, 12, 8) }]], {
        rate: 2,
        block: { rows: 8, columns: 12 },
      });
      validateGraph(result.graph);
      const reports = pruned(result.report);
      expect(reports).toHaveLength(result.report.weights.length);
      for (const { value, reconstruction, rows, columns, achievedRate } of reports) {
        expect(reconstruction?.outputError).toBeLessThan(0.9 * (reconstruction?.magnitudeOutputError ?? 0));
        const data = result.graph.constants.get(value)?.data ?? new Float32Array();
        const mask = maskOf(
          { rows, columns, values: data },
          { blockRows: 8, blockColumns: Math.min(12, columns) },
        );
        expect(keptCells(mask)).toBe(Math.round((rows * columns) / achievedRate));
      }
    },
  );

  it('sees what an operator multiplies: columns whose inputs are always zero go without any error', async () => {
    for (const [name, graph] of Object.entries(layers)) {
      const length = graph.inputs[0]?.shape.reduce((product, extent) => product * extent, 1) ?? 0;
      const channel = name.startsWith('conv') ? 1 : 2;
      const shape = graph.inputs[0]?.shape ?? [];
      const inner = shape.slice(channel + 1).reduce((product, extent) => product * extent, 1);
      const x = correlated(length / 12, 12, 7).map((value, index) =>
        Math.floor(index / inner) % 12 < 6 ? value : 0,
      );
      const operand = name.startsWith('conv') ? 'layer:weights' : 'layer:w';
      const result = await pruneByReconstruction(graph, [[{ x }]], {
        rate: 2,
        block: { rows: 8, columns: 200 },
        damping: 1e-9,
        layers: [operand],
        keepEveryColumn: false,
      });
      expect(errorOf(graph, result.graph, x), name).toBeLessThan(1e-5);
    }
  });

  it('carries states from run to run of a sequence and starts each sequence anew', async () => {
    const graph = sampleGraph();
    const runs = [1, 2, 3].map((seed) => ({ x: correlated(6, 20, seed) }));
    const options: PruneOptions = { rate: 2, block: { rows: 8, columns: 8 }, layers: ['lstm:r'] };
    const errorWith = async (
      calibration: CalibrationSequence[],
    ): Promise<ReconstructionReport | undefined> => {
      const { report } = await pruneByReconstruction(graph, calibration, options);
      return pruned(report)[0]?.reconstruction;
    };
    const errors = [await errorWith([runs]), await errorWith(runs.map((run) => [run]))];
    expect(errors[0]?.vectors).toBe(18);
    expect(errors[1]?.vectors).toBe(18);
    expect(errors[0]?.outputError).not.toBe(errors[1]?.outputError);
  });

  it('says that vectors are few, and holds weights closer to what they were', async () => {
    const graph = linearGraph(8, 24, 6, 2);
    const few = pruned(
      (await pruneByReconstruction(graph, [[{ x: correlated(6, 24, 3) }]], options)).report,
    )[0];
    expect(few?.reconstruction).toMatchObject({ vectors: 6, fewVectors: true, damping: 0.01 });
    const enough = pruned(
      (
        await pruneByReconstruction(
          graph,
          [Array.from({ length: 5 }, (_, seed) => ({ x: correlated(6, 24, seed + 3) }))],
          options,
        )
      ).report,
    )[0];
    expect(enough?.reconstruction).toMatchObject({ vectors: 30, fewVectors: false, damping: 0.001 });
    // Inputs that are all zero say nothing: weights keep their values.
    const silent = await pruneByReconstruction(graph, [[{ x: new Float32Array(6 * 24) }]], options);
    const expected = pruneByMagnitude(graph, options).graph.constants.get('w')?.data;
    silent.graph.constants.get('w')?.data.forEach((value, index) => {
      expect(value).toBeCloseTo(expected?.[index] ?? NaN, 5);
    });
    expect(pruned(silent.report)[0]?.reconstruction?.outputError).toBe(0);
  });

  it('reconstructs constants that layers share for all of them, and tells how far it is', async () => {
    const graph = sampleGraph();
    const steps: string[] = [];
    const runs = [1, 2].map((seed) => ({ x: correlated(6, 20, seed) }));
    const { graph: after, report } = await pruneByReconstruction(graph, [runs], {
      rate: 2,
      block: { rows: 8, columns: 8 },
      onProgress: ({ stage, done, total }) => steps.push(`${stage} ${done}/${total}`),
    });
    expect(steps).toEqual([
      // One pass over the inputs for the convolution, one for both matrices of the LSTM, one for the linear layers.
      'calibrating 1/6',
      'calibrating 2/6',
      'reconstructing 1/4',
      'calibrating 3/6',
      'calibrating 4/6',
      'reconstructing 2/4',
      'reconstructing 3/4',
      'calibrating 5/6',
      'calibrating 6/6',
      'reconstructing 4/4',
    ]);
    expect(after.nodes.filter(({ op }) => op.kind === 'linear').map(({ inputs }) => inputs[1])).toEqual([
      'square',
      'square',
    ]);
    expect(
      pruned(report)
        .filter(({ value }) => value === 'square')
        .map((each) => each.reconstruction?.vectors),
    ).toEqual([24, 24]);
  });

  it('gives the same result every time', async () => {
    const run = async (): Promise<Graph> => {
      const result = await pruneByReconstruction(sampleGraph(), [[{ x: correlated(6, 20, 4) }]], {
        rate: 2,
        block: { rows: 8, columns: 8 },
        split: 'both',
      });
      return result.graph;
    };
    expect(await run()).toEqual(await run());
  });

  it('refuses calibration that does not fit, by name', async () => {
    const graph = linearGraph(8, 24, 6, 2);
    const x = correlated(6, 24, 3);
    const run = async (calibration: CalibrationSequence[], more: object = {}): Promise<string> =>
      (await refusal(() => pruneByReconstruction(graph, calibration, { ...options, ...more }))).message;
    expect(await run([])).toBe('there are no calibration inputs');
    expect(await run([[]])).toBe('there are no calibration inputs');
    expect(await run([[{ x: new Float32Array(5) }]])).toMatch(
      /input x of shape \[6,24\] needs 144 value\(s\), got 5/,
    );
    expect(await run([[{ z: x }]])).toMatch(/there is no input z/);
    expect(await run([[{}]])).toMatch(/input x of shape \[6,24\] is missing/);
    expect(await run([[{ x: x.map((value, index) => (index === 30 ? NaN : value)) }]])).toBe(
      'layer:weights: calibration gives it NaN in column 6',
    );
    for (const damping of [0, -1, NaN, Infinity])
      expect(await run([[{ x }]], { damping })).toMatch(/damping must be/);
  });
});

/** Least squares by the normal equations and Gauss's elimination with pivots. */
function denseLeastSquares(rows: readonly (readonly number[])[], target: readonly number[]): number[] {
  const size = rows[0]?.length ?? 0;
  const system = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (__, j) =>
      rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0),
    ),
    rows.reduce((sum, row, index) => sum + (row[i] ?? 0) * (target[index] ?? 0), 0),
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    const strongest = system
      .slice(pivot)
      .reduce(
        (best, row, index) =>
          Math.abs(row[pivot] ?? 0) > Math.abs(system[best]?.[pivot] ?? 0) ? pivot + index : best,
        pivot,
      );
    const [a = [], b = []] = [system[pivot], system[strongest]];
    system[pivot] = b;
    system[strongest] = a;
    for (const [index, row] of system.entries()) {
      if (index === pivot) continue;
      const factor = (row[pivot] ?? 0) / (b[pivot] ?? 1);
      for (let column = pivot; column <= size; column++)
        row[column] = (row[column] ?? 0) - factor * (b[column] ?? 0);
    }
  }
  return system.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}
