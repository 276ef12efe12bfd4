import type { Graph, GruOperator, LstmOperator } from '@grim/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withBatch } from '../src/batch/with-batch.ts';
import { createTrainer, type BatchOptions } from '../src/index.ts';
import { expectDerivatives } from './support/expect-derivatives.ts';
import { randomConstants, randomValues } from './support/random-values.ts';
import { weightedSum } from './support/weighted-sum.ts';

const sigmoidAndTanh = [{ function: 'sigmoid' }, { function: 'tanh' }] as const;

function gruGraph(op: GruOperator, options: { bias: boolean; state: boolean; seed: number }): Graph {
  const { hidden } = op;
  const constants = randomConstants(
    {
      in: [3, 2],
      w: [3 * hidden, 3],
      r: [3 * hidden, hidden],
      wb: [3 * hidden],
      rb: [3 * hidden],
      h0: [1, hidden],
    },
    options.seed,
  );
  return {
    name: 'gru',
    inputs: [{ name: 'x', shape: [4, 1, 2] }],
    outputs: [
      { name: 'y', value: 'y' },
      { name: 'h', value: 'h' },
    ],
    states: [],
    constants,
    nodes: [
      { name: 'in', op: { kind: 'linear' }, inputs: ['x', 'in'], outputs: ['mixed'] },
      {
        name: 'gru',
        op,
        inputs: [
          'mixed',
          'w',
          'r',
          options.bias ? 'wb' : null,
          options.bias ? 'rb' : null,
          options.state ? 'h0' : null,
        ],
        outputs: ['y', 'h'],
      },
    ],
  };
}

function lstmGraph(op: LstmOperator, options: { bias: boolean; states: boolean; seed: number }): Graph {
  const { hidden } = op;
  const states = options.states ? ['h0', 'c0'] : [null, null];
  return {
    name: 'lstm',
    inputs: [{ name: 'x', shape: [4, 1, 2] }],
    outputs: ['y', 'h', 'c'].map((name) => ({ name, value: name })),
    states: [],
    constants: randomConstants(
      {
        in: [3, 2],
        w: [4 * hidden, 3],
        r: [4 * hidden, hidden],
        b: [4 * hidden],
        h0: [1, hidden],
        c0: [1, hidden],
      },
      options.seed,
    ),
    nodes: [
      { name: 'in', op: { kind: 'linear' }, inputs: ['x', 'in'], outputs: ['mixed'] },
      {
        name: 'lstm',
        op,
        inputs: ['mixed', 'w', 'r', options.bias ? 'b' : null, ...states],
        outputs: ['y', 'h', 'c'],
      },
    ],
  };
}

/** A layer that starts from a state of the graph, zeros where no values are given. */
function startingFrom(shape: readonly number[], values?: ArrayLike<number>): Graph {
  const graph = gruGraph(
    { kind: 'gru', hidden: 3, direction: 'forward', linearBeforeReset: true, activations: sigmoidAndTanh },
    { bias: true, state: true, seed: 6 },
  );
  const constants = new Map(graph.constants);
  constants.delete('h0');
  const initial = values && Float32Array.from(values);
  return {
    ...graph,
    constants,
    states: [{ name: 'h', shape, input: 'h0', output: 'h', ...(initial && { initial }) }],
  };
}

describe('recurrent layers', () => {
  it('a GRU has the outputs and derivatives of the reference, in every form', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          linearBeforeReset: fc.boolean(),
          direction: fc.constantFrom('forward' as const, 'reverse' as const),
          bias: fc.boolean(),
          state: fc.boolean(),
          size: fc.integer({ min: 1, max: 3 }),
          seed: fc.integer(),
        }),
        async ({ linearBeforeReset, direction, bias, state, size, seed }) => {
          const op = {
            kind: 'gru',
            hidden: 3,
            direction,
            linearBeforeReset,
            activations: sigmoidAndTanh,
          } as const;
          await expectDerivatives(gruGraph(op, { bias, state, seed }), { size, axes: { x: 1 } }, seed);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('an LSTM has the outputs and derivatives of the reference, in every form', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          direction: fc.constantFrom('forward' as const, 'reverse' as const),
          bias: fc.boolean(),
          states: fc.boolean(),
          size: fc.integer({ min: 1, max: 3 }),
          seed: fc.integer(),
        }),
        async ({ direction, bias, states, size, seed }) => {
          const op = {
            kind: 'lstm',
            hidden: 3,
            direction,
            activations: [...sigmoidAndTanh, { function: 'tanh' }],
          } as const;
          await expectDerivatives(lstmGraph(op, { bias, states, seed }), { size, axes: { x: 1 } }, seed);
        },
      ),
      { numRuns: 5 },
    );
  });

  it('start from the states of the graph, the same for each example', async () => {
    await expectDerivatives(startingFrom([1, 3], [0.5, -1, 2]), { size: 2, axes: { x: 1 } }, 6);
  });

  it('start from the same values in a row for each example', async () => {
    const open = async (
      axes: BatchOptions['axes'],
      values: ArrayLike<number> | undefined,
    ): Promise<{ readonly loss: number }> => {
      const trainer = await createTrainer(startingFrom([1, 3], values), {
        batch: { size: 5, axes },
        loss: weightedSum(2),
      });
      return trainer.lossAndGradients({ inputs: { x: randomValues(40, 4) }, target: null });
    };
    for (const values of [undefined, [0, 0, 0], [0.5, -1, 2]]) {
      const [apart, together] = [await open({ x: 1, h: 0 }, values), await open({ x: 1 }, values)];
      expect(apart).toEqual(together);
    }
  });

  it('refuse values for each of several examples in a batch of others', () => {
    const graph = {
      ...startingFrom([2, 3], [1, 2, 3, 1, 2, 4]),
      inputs: [{ name: 'x', shape: [4, 2, 2] }],
    };
    const axes = { x: 1, h: 0 };
    expect(() => withBatch(graph, { size: 3, axes })).toThrow(
      'h: starts from values of its own for each of 2 example(s), which 3 cannot have',
    );
    expect(withBatch(graph, { size: 2, axes }).graph.states).toEqual(graph.states);
    const constants = new Map(graph.constants).set('h0', { shape: [2, 3], data: new Float32Array(6) });
    expect(() => withBatch({ ...graph, constants, states: [] }, { size: 3, axes: { x: 1 } })).toThrow(
      'gru: gru works along axis 0 of [2,3], which counts the examples of a batch',
    );
  });

  it('are named where they do not fit the memory of kernels', async () => {
    const graph = gruGraph(
      {
        kind: 'gru',
        hidden: 512,
        direction: 'forward',
        linearBeforeReset: true,
        activations: sigmoidAndTanh,
      },
      { bias: false, state: false, seed: 6 },
    );
    const size = 100_000;
    const trainer = await createTrainer(graph, { batch: { size, axes: { x: 1 } }, loss: weightedSum(1) });
    await expect(
      trainer.lossAndGradients({ inputs: { x: new Float32Array(4 * size * 2) }, target: null }),
    ).rejects.toThrow(
      /^gru: needs \d+ bytes of memory, at most 4294967296 can be had: take a smaller batch$/,
    );
  });

  it('take hard gates too, and refuse those whose value does not tell their derivative', async () => {
    const op = {
      kind: 'gru',
      hidden: 3,
      direction: 'forward',
      linearBeforeReset: true,
      activations: [{ function: 'hardSigmoid' }, { function: 'leakyRelu', alpha: 0.2 }],
    } as const;
    const graph = gruGraph(op, { bias: true, state: true, seed: 8 });
    await expectDerivatives(graph, { size: 2, axes: { x: 1 } }, 8);
    const refused = gruGraph(
      { ...op, activations: [{ function: 'sigmoid' }, { function: 'square' }] },
      { bias: true, state: false, seed: 8 },
    );
    await expect(
      createTrainer(refused, { batch: { size: 2, axes: { x: 1 } }, loss: weightedSum(1) }),
    ).rejects.toThrow('gru: activation square cannot be trained in a recurrent layer');
  });
});
