import type { Graph, Node, Tensor } from '@grim/ir';
import { gruNode } from '../cells/gru-node.ts';
import { uniformTensor } from '../cells/uniform-tensor.ts';
import { features, steps } from './spoken-digit-features.ts';

const hidden = 128;
const classes = 10;

/** Two GRU layers over the steps of a word, and ten logits from what the second has at its end; weights as before training. */
export function spokenDigitGraph(random: () => number): Graph {
  const constants = new Map<string, Tensor>();
  const nodes: Node[] = [
    gruNode('gru1', 'frames', { inputs: features, hidden }, random, constants),
    gruNode('gru2', 'gru1.y', { inputs: hidden, hidden }, random, constants),
    {
      name: 'digits',
      op: { kind: 'linear' },
      inputs: ['gru2.h', 'digits.weight', 'digits.bias'],
      outputs: ['logits'],
    },
  ];
  const bound = 1 / Math.sqrt(hidden);
  constants.set('digits.weight', uniformTensor([classes, hidden], bound, random));
  constants.set('digits.bias', uniformTensor([classes], bound, random));
  return {
    name: 'spoken digits',
    inputs: [{ name: 'frames', shape: [steps, 1, features] }],
    outputs: [{ name: 'logits', value: 'logits' }],
    states: [],
    constants,
    nodes,
  };
}
