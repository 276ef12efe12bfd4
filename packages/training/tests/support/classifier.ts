import type { Graph } from '@grim/ir';
import { randomConstants } from './random-values.ts';

/** Says which of four quarters of a sequence has its largest element. */
export function classifier(seed: number): Graph {
  return {
    name: 'classifier',
    inputs: [{ name: 'x', shape: [1, 4, 2] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: randomConstants({ w: [24, 2], r: [24, 8], b: [24], rb: [24], head: [4, 8], shift: [4] }, seed),
    nodes: [
      {
        name: 'time first',
        op: { kind: 'transpose', permutation: [1, 0, 2] },
        inputs: ['x'],
        outputs: ['t'],
      },
      {
        name: 'gru',
        op: {
          kind: 'gru',
          hidden: 8,
          direction: 'forward',
          linearBeforeReset: true,
          activations: [{ function: 'sigmoid' }, { function: 'tanh' }],
        },
        inputs: ['t', 'w', 'r', 'b', 'rb'],
        outputs: ['h'],
      },
      {
        name: 'last',
        op: { kind: 'slice', starts: [3, 0, 0], sizes: [1, 1, 8], steps: [1, 1, 1] },
        inputs: ['h'],
        outputs: ['l'],
      },
      { name: 'flat', op: { kind: 'reshape', shape: [1, 8] }, inputs: ['l'], outputs: ['f'] },
      { name: 'head', op: { kind: 'linear' }, inputs: ['f', 'head', 'shift'], outputs: ['y'] },
    ],
  };
}
