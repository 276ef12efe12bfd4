import type { Graph, GruOperator } from '@grim/ir';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectDerivatives } from './support/expect-derivatives.ts';
import { randomConstants } from './support/random-values.ts';

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
      { numRuns: 12 },
    );
  });
});
