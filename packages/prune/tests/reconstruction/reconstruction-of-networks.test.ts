import fc from 'fast-check';
import { evaluateGraph, validateGraph, type Graph, type Node } from '@grim/ir';
import { describe, expect, it } from 'vitest';
import {
  pruneByReconstruction,
  type CalibrationSequence,
  type PrunedGraph,
  type ReconstructionOptions,
} from '../../src/index.ts';
import { referenceEvaluators } from '../../src/reconstruction/evaluator.ts';
import { weights } from '../graphs.ts';
import { pairsOfVectors } from './random-moments.ts';

const sigmoid = { function: 'sigmoid' } as const;
const tanh = { function: 'tanh' } as const;

/** Two linear layers with a ReLU between them; the first has a bias, the second none. */
function twoLayers(seed: number): Graph {
  return {
    name: 'two',
    inputs: [{ name: 'x', shape: [60, 16] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([
      ['first.w', weights([24, 16], seed)],
      ['first.b', weights([24], seed + 1)],
      ['second.w', weights([8, 24], seed + 2)],
    ]),
    nodes: [
      {
        name: 'first',
        op: { kind: 'linear', activation: { function: 'relu' } },
        inputs: ['x', 'first.w', 'first.b'],
        outputs: ['h'],
      },
      { name: 'second', op: { kind: 'linear' }, inputs: ['h', 'second.w'], outputs: ['y'] },
    ],
  };
}

function inputs(seed: number): CalibrationSequence {
  const x = new Float32Array(60 * 16);
  for (const [index, vector] of pairsOfVectors(60, 16, seed).vectors.entries()) x.set(vector, index * 16);
  return [{ x }];
}

function outputs(graph: Graph, [run]: CalibrationSequence): Float32Array {
  return evaluateGraph(graph, { inputs: run ?? {} }).outputs['y'] ?? new Float32Array();
}

function squaredError(dense: Graph, { graph }: PrunedGraph, runs: CalibrationSequence): number {
  const after = outputs(graph, runs);
  return outputs(dense, runs).reduce((sum, value, index) => sum + (value - (after[index] ?? NaN)) ** 2, 0);
}

const options: ReconstructionOptions = { rate: 3, block: { rows: 4, columns: 24 } };

describe('reconstruction of networks', () => {
  it('lets a layer make up for those before it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10_000 }), async (seed) => {
        const graph = twoLayers(seed);
        const runs = inputs(seed);
        const made = await pruneByReconstruction(graph, [runs], options);
        const alone = await pruneByReconstruction(graph, [runs], { ...options, layerInputs: 'dense' });
        validateGraph(made.graph);
        // Masks may differ, and another mask may happen to be better: seldom, and by little.
        expect(squaredError(graph, made, runs)).toBeLessThan(1.1 * squaredError(graph, alone, runs));
      }),
      { numRuns: 20 },
    );
  });

  it('gives layers a bias that makes up for the mean of what is lost', async () => {
    const graph = twoLayers(3);
    const runs = inputs(3);
    const meanError = ({ graph: after }: PrunedGraph, column: number): number => {
      const [before, now] = [outputs(graph, runs), outputs(after, runs)];
      const picked = before.filter((_, index) => index % 8 === column);
      return picked.reduce((sum, value, row) => sum + value - (now[row * 8 + column] ?? NaN), 0) / 60;
    };
    const result = await pruneByReconstruction(graph, [runs], options);
    const bias = result.graph.nodes[1]?.inputs[2];
    expect(bias).toBe('second.bias');
    expect(result.graph.constants.get('second.bias')?.shape).toEqual([8]);
    expect(result.graph.constants.get('first.b')).not.toEqual(graph.constants.get('first.b'));
    for (let column = 0; column < 8; column++) expect(meanError(result, column)).toBeCloseTo(0, 4);

    const without = await pruneByReconstruction(graph, [runs], { ...options, correctBias: false });
    expect(without.graph.nodes[1]?.inputs).toEqual(['h', 'second.w']);
    expect(without.graph.constants.get('first.b')).toBe(graph.constants.get('first.b'));
    expect(
      Math.max(...Array.from({ length: 8 }, (_, column) => Math.abs(meanError(without, column)))),
    ).toBeGreaterThan(0.001);
  });

  const gru = { kind: 'gru', hidden: 8, activations: [sigmoid, tanh], direction: 'forward' } as const;
  const recurrent: Readonly<Record<string, { readonly op: Node['op']; readonly gates: number }>> = {
    lstm: {
      op: { kind: 'lstm', hidden: 8, direction: 'forward', activations: [sigmoid, tanh, tanh] },
      gates: 4,
    },
    'gru, reset after': { op: { ...gru, linearBeforeReset: true }, gates: 3 },
    'gru, reset before': { op: { ...gru, linearBeforeReset: false }, gates: 3 },
  };

  it.each(Object.entries(recurrent))(
    '%s: the bias replaces columns whose inputs never change',
    async (_, { op, gates }) => {
      const graph: Graph = {
        name: 'recurrent',
        inputs: [{ name: 'x', shape: [20, 1, 6] }],
        outputs: [{ name: 'y', value: 'y' }],
        states: [],
        constants: new Map([
          ['w', weights([gates * 8, 6], 1)],
          ['r', weights([gates * 8, 8], 2)],
          ['b', weights([gates * 8], 3)],
        ]),
        nodes: [
          {
            name: 'layer',
            op,
            inputs: ['x', 'w', 'r', 'b'],
            outputs: op.kind === 'lstm' ? ['y', 'h', 'c'] : ['y', 'h'],
          },
        ],
      };
      const constant = Float32Array.from({ length: 120 }, (__, index) => Math.cos(index % 6));
      const runs: CalibrationSequence = [{ x: constant }];
      const result = await pruneByReconstruction(graph, [runs], {
        rate: 3,
        block: { rows: 8, columns: 6 },
        layers: ['layer:w'],
      });
      expect(result.report.weights[0]).toMatchObject({ outcome: 'pruned', operand: 'w' });
      expect(squaredError(graph, result, runs)).toBeLessThan(1e-8);
    },
  );

  it('leaves a bias alone where it is used elsewhere', async () => {
    const graph = twoLayers(5);
    const shared: Graph = {
      ...graph,
      constants: new Map([...graph.constants, ['second.w', weights([24, 24], 9)]]),
      nodes: graph.nodes.map((node) =>
        node.name === 'second' ? { ...node, inputs: ['h', 'second.w', 'first.b'] } : node,
      ),
    };
    const { graph: after } = await pruneByReconstruction(shared, [inputs(5)], {
      ...options,
      layers: ['first'],
    });
    validateGraph(after);
    expect(after.nodes.map((node) => node.inputs[2])).toEqual(['first.bias', 'first.b']);
    expect(after.constants.get('first.b')).toBe(graph.constants.get('first.b'));
  });

  it('shares one rate of the model out so that errors add up to less than with the same rate everywhere', async () => {
    const graph = twoLayers(4);
    // Most of the inputs are always zero: the first layer can spare more than the second.
    const calibration = [
      inputs(4).map(({ x = new Float32Array() }) => ({
        x: x.map((value, index) => (index % 16 < 4 ? value : 0)),
      })),
    ];
    // Without biases the errors that are shared out are those of the report.
    const each = {
      rate: 2,
      block: { rows: 4, columns: 24 },
      layerInputs: 'dense',
      correctBias: false,
    } as const;
    const errors = ({ report }: PrunedGraph): number =>
      report.weights.reduce((sum, weight) => {
        const error = weight.outcome === 'pruned' ? (weight.reconstruction?.outputError ?? 0) : 0;
        return sum + error;
      }, 0);
    const kept = ({ report: { totals } }: PrunedGraph): number => totals.elements - totals.zeros;
    const uniform = await pruneByReconstruction(graph, calibration, each);
    const spread = await pruneByReconstruction(graph, calibration, { ...each, rateOf: 'model' });
    validateGraph(spread.graph);
    const rates = spread.report.weights.flatMap((weight) =>
      weight.outcome === 'pruned' ? weight.achievedRate.toFixed(1) : [],
    );
    expect(Number(rates[0])).toBeGreaterThan(Number(rates[1] ?? 1));
    expect(kept(spread)).toBeLessThanOrEqual(kept(uniform));
    expect(errors(spread)).toBeLessThan(errors(uniform));
  });

  it('refuses rates of a model that it cannot share out', async () => {
    const graph = twoLayers(1);
    const run = (rate: ReconstructionOptions['rate']): Promise<PrunedGraph> =>
      pruneByReconstruction(graph, [inputs(1)], { ...options, rateOf: 'model', rate });
    await expect(run({ '*': 2 })).rejects.toThrow(
      'the rate of a model is one number, and layers were given rates of their own',
    );
    await expect(run(40)).rejects.toThrow(
      /^a rate of 40 for all weights together is beyond what they allow, 1\d\.\d$/,
    );
    await expect(run(0.5)).rejects.toThrow(/rate must be a finite number of 1 or more, got 0.5/);
  });

  it('refuses weights that are not finite, and damping that is too small, when it shares out a rate', async () => {
    const graph = twoLayers(1);
    const [name = '', tensor] = [...graph.constants].findLast(([, { shape }]) => shape.length > 1) ?? [];
    const broken = tensor?.data.slice() ?? new Float32Array();
    broken[5] = NaN;
    const constants = new Map(graph.constants).set(name, { shape: tensor?.shape ?? [], data: broken });
    const model = { ...options, rate: 1.5, rateOf: 'model' } as const;
    await expect(pruneByReconstruction({ ...graph, constants }, [inputs(1)], model)).rejects.toThrow(
      /:weights: the weight in row 0, column 5 is NaN$/,
    );
    // Sixty times the same vector tells nothing about most columns.
    const [{ x = new Float32Array() } = {}] = inputs(1);
    const same = x.map((_, index) => x[index % 16] ?? 0);
    await expect(
      pruneByReconstruction(graph, [[{ x: same }]], { ...model, damping: 1e-16, correctBias: false }),
    ).rejects.toThrow(/:weights: damping of 1e-16 is too small for what \d+ calibration vectors tell about/);
  });

  it('asks an evaluator only for what the weights of a layer multiply', async () => {
    const asked: (readonly string[])[] = [];
    const reference = referenceEvaluators(undefined);
    const graph = twoLayers(2);
    const given = await pruneByReconstruction(graph, [inputs(2)], {
      ...options,
      createEvaluator: (network, values) => {
        asked.push(values);
        return reference(network, values);
      },
    });
    // The input of the first layer is no result of a node; for the second both networks are run.
    expect(asked).toEqual([[], ['h'], ['h']]);
    expect(given).toEqual(await pruneByReconstruction(graph, [inputs(2)], options));
  });
});
